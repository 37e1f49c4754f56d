import { CommanderError } from "commander";
import { Problem } from "../model/problem.ts";
import { program } from "./program.mts";
import { EXIT } from "./terminal/exit-codes.mts";

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Prints the error, unless the failed program has printed it, and returns the exit code. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Problem) {
    if (error.message !== "") console.error(error.message);
    return error.exitCode;
  }
  console.error("berth failed unexpectedly. Please report this:", error);
  return EXIT.failed;
}
