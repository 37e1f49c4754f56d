import { setTimeout as sleep } from "node:timers/promises";
import { plainFetch } from "./web";

/** Downtime of a page during an action, in seconds: from the first failure to the end of the last. */
export async function outageDuring(url: string, work: () => Promise<unknown>): Promise<number> {
  let done = false;
  let first: number | undefined;
  let last: number | undefined;
  const asking = (async () => {
    while (!done) {
      const begun = Date.now();
      const answered = await plainFetch(url, { signal: AbortSignal.timeout(3000) }).then(
        ({ status }) => status < 500,
        () => false,
      );
      if (!answered) {
        first ??= begun;
        last = Date.now();
      }
      await sleep(50);
    }
  })();
  try {
    await work();
  } finally {
    done = true;
    await asking;
  }
  return first === undefined || last === undefined ? 0 : (last - first) / 1000;
}
