import type { Place } from "../../remote/place.mts";
import { runInteractively } from "../../remote/run.mts";

interface ExecOptions {
  /** Allocates a terminal in the container, for interactive use. */
  terminal: boolean;
  /** Standard input. Default: this command's own. */
  input?: string;
}

/** Whether standard input and output are a terminal. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Runs a command in the newest running container of a service and returns its exit code. */
export function inContainer(
  place: Place,
  service: string,
  command: string[],
  { terminal, input }: ExecOptions,
): Promise<number> {
  const words = [service, terminal ? "-it" : "-i", ...command];
  return runInteractively(place, "exec.sh", { words, terminal, ...(input !== undefined && { input }) });
}

/** The arguments to run in the container: a single word is a shell command line, none starts a shell. */
export function wordsFor(command: string[]): string[] {
  if (command.length > 1) return command;
  return command[0] === undefined ? ["sh"] : ["sh", "-c", command[0]];
}
