import type { Place } from "../../remote/place.mts";
import { attached } from "../../remote/run.mts";

interface How {
  /** A terminal in the container, for somebody who types. */
  terminal: boolean;
  /** Standard input, where it is not this command's own. */
  input?: string;
}

/** Whether somebody types at this command. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Runs a command in the newest running container of a service, and gives its exit code. */
export function inContainer(
  place: Place,
  service: string,
  command: string[],
  { terminal, input }: How,
): Promise<number> {
  const words = [service, terminal ? "-it" : "-i", ...command];
  return attached(place, "exec.sh", { words, terminal, ...(input !== undefined && { input }) });
}

/** One word is a line for the container's shell; none is the shell itself. */
export function wordsFor(command: string[]): string[] {
  if (command.length > 1) return command;
  return command[0] === undefined ? ["sh"] : ["sh", "-c", command[0]];
}
