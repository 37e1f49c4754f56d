/**
 * Runs the check until it passes: twice a second at first, less often the longer it takes, as a check that asks an engine
 * takes processor time from the tested stack. @throws its last error after the given seconds.
 */
export async function eventually(seconds: number, check: () => Promise<void>): Promise<void> {
  const begun = Date.now();
  const end = begun + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      const pause = Math.min(3000, Math.max(500, (Date.now() - begun) / 5));
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
