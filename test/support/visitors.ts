import { type Fetch, plainFetch } from "./web";

/** What visitors met while something was going on. */
export interface Visits {
  answered: number;
  /** Why each of the others failed. */
  failures: string[];
}

/**
 * Asks for a page over and over, two visitors at a time with 100 ms in between, until the work is done; for 10
 * minutes at most. More would only take the processor from what is tested.
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
