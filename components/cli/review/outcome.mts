import { putComment } from "./comment.mts";
import { forgeOf } from "./forge.mts";

interface Texts<Outcome> {
  /** Finds the comment of an earlier run. */
  marker: string;
  done: (outcome: Outcome) => string;
  failed: string;
}

/**
 * Does something, and writes what came of it to the pull or merge request of this run, in place of the comment of an earlier run. A failure
 * is written too, as that comment would still tell of an earlier commit.
 *
 * @throws Problem before anything is done, outside of a pull or merge request.
 */
export async function commentOutcome<Outcome>(
  work: () => Promise<Outcome>,
  { marker, done, failed }: Texts<Outcome>,
): Promise<Outcome> {
  const forge = forgeOf(process.env);
  let outcome: Outcome;
  try {
    outcome = await work();
  } catch (error) {
    await putComment(forge, marker, failed);
    throw error;
  }
  await putComment(forge, marker, done(outcome));
  return outcome;
}
