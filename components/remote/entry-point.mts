import { Problem } from "../model/problem.ts";

/** Runs a function that a local command of Pulumi starts. Prints a problem as the command's error, and exits with its code. */
export async function entryPoint(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error.exitCode;
  }
}
