import { createInterface } from "node:readline/promises";

/** Whether somebody sits at a terminal, who could be asked. */
export const askable = process.stdin.isTTY === true;

/** Asks for a yes or no at the terminal; no unless it is clearly yes. */
export async function agreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const said = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(said.trim());
}
