import { createInterface } from "node:readline/promises";
import { Problem } from "../../model/problem.ts";

/** How a person consents to what destroys or goes back. */
export interface Consent {
  /** `--yes`: consent was given on the command line. */
  yes?: boolean | undefined;
  /** The question, e.g. `Go back?`. */
  question: string;
  /** The command that goes on without a question. */
  without: string;
  /** A word that has to be typed instead of `y`, where data is lost. */
  word?: string | undefined;
}

/** Asks on a terminal. @throws Problem when the answer is no, or when nobody can be asked and `--yes` is missing. */
export async function consent({ yes = false, question, without, word }: Consent): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Problem(`No terminal to ask at. Nothing was changed. To go on without a question: ${without}`);
  const said = await ask(word === undefined ? `${question} [y/N] ` : `${question} Type ${word} to go on: `);
  const agreed = word === undefined ? /^y(es)?$/i.test(said) : said === word;
  if (!agreed) throw new Problem("Nothing was changed.");
}

/** One line that a person types. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
