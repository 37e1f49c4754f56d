/** Prints a long operation to standard error, and the elapsed time every ten seconds. */
export async function progress<T>(task: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  console.error(`${task} …`);
  const timer = setInterval(() => console.error(`  ${seconds()} s`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
