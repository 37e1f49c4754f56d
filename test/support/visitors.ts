import { type Fetch, plainFetch } from "./web";

/** What visitors experienced during an action. */
export interface Visits {
  answered: number;
  /** The errors of the failed requests. */
  failures: string[];
}

/**
 * Requests a page repeatedly, two visitors at a time with 100 ms in between, until the work is done; 10 minutes at
 * most. More would only take processor time from the tested stack.
 */
export async function whileVisiting(
  url: string,
  work: () => Promise<unknown>,
  fetch: Fetch = plainFetch,
): Promise<Visits> {
  const visits: Visits = { answered: 0, failures: [] };
  const end = Date.now() + 600_000;
  let done = false;
  const visitor = async () => {
    while (!done && Date.now() < end) {
      await visit(url, visits, fetch);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const visitors = [visitor(), visitor()];
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(visitors);
  }
  return visits;
}

async function visit(url: string, visits: Visits, fetch: Fetch): Promise<void> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    await answer.arrayBuffer();
    if (answer.ok) visits.answered++;
    else visits.failures.push(`${answer.status}`);
  } catch (error) {
    visits.failures.push(error instanceof Error ? String(error.cause ?? error.message) : String(error));
  }
}
