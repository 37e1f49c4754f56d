import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "../../model/problem.ts";
import type { Status } from "./status.mts";
import { asText } from "./text.mts";

export interface Watch {
  /** Reads the status. */
  look: () => Promise<Status>;
  stack: string;
  /** Seconds between two looks. */
  seconds: number;
  /** Whether to clear the screen before each status. */
  clear: boolean;
}

/** Shows the status of a stack until Ctrl-C. A server that does not answer is shown as such, and asked again. */
export async function watchStatus(
  { look, stack, seconds, clear }: Watch,
  print: (text: string) => void,
): Promise<never> {
  for (;;) {
    const text = await look().then(asText, textOfProblem);
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    print(`${clear ? CLEAR : ""}${stack}, ${time} UTC, every ${seconds} s. Ctrl-C ends it.\n\n${text}\n`);
    await wait(seconds * 1000);
  }
}

/** Moves to the first line of the terminal and clears it. */
const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

function textOfProblem(error: unknown): string {
  if (error instanceof Problem) return `Not well:\n  ${error.message}`;
  throw error;
}
