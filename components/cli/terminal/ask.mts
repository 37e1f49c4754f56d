import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Problem } from "../../model/problem.ts";

/** A request for consent to a destructive command or a rollback. */
export interface Consent {
  /** `--yes`: consent was given on the command line. */
  yes?: boolean | undefined;
  /** The question, e.g. `Roll back?`. */
  question: string;
  /** The command line that runs without asking. */
  without: string;
  /** A word to type instead of `y`, if data is lost. */
  word?: string | undefined;
}

/** Asks on a terminal. @throws Problem if the answer is no, or without a terminal and without `--yes`. */
export async function consent({ yes = false, question, without, word }: Consent): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Problem(`No terminal to ask at. Nothing was changed. To run it without a question: ${without}`);
  const answer = await ask(word === undefined ? `${question} [y/N] ` : `${question} Type ${word} to continue: `);
  const agreed = word === undefined ? /^y(es)?$/i.test(answer) : answer === word;
  if (!agreed) throw new Problem("Nothing was changed.");
}

/** Reads a secret from the terminal, without showing it. @throws Problem on Ctrl-C. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: hidden, terminal: true });
  const interrupted = new AbortController();
  terminal.on("SIGINT", () => interrupted.abort());
  try {
    return await terminal.question("", { signal: interrupted.signal });
  } catch {
    throw new Problem("Nothing was changed.", 130);
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

/** Reads one line from the terminal. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
