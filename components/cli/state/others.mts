import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";

/** A server of a stack that is not the one with the data. */
export interface OtherServer {
  /** Its name in the settings. */
  name: string;
  place: Place;
}

/** What the other servers say, and a problem by name for each that does not answer, with what that means. */
export async function askOthers<Answer>(
  others: readonly OtherServer[],
  ask: (place: Place) => Promise<Answer>,
  meaning = "what runs there is missing here",
): Promise<{ answers: Answer[]; problems: string[] }> {
  const answers: Answer[] = [];
  const problems: string[] = [];
  await Promise.all(
    others.map(async ({ name, place }) => {
      try {
        answers.push(await ask(place));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        problems.push(`The server ${name} does not answer, so ${meaning}. ${error.message}`);
      }
    }),
  );
  return { answers, problems };
}
