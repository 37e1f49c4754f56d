import { basename } from "node:path";
import { auditFolder } from "../../model/audit.ts";
import { actorIn } from "../../release/actor.mts";
import type { Place } from "../../remote/place.mts";
import { attempt, runInteractively } from "../../remote/run.mts";
import { askOthers } from "../state/others.mts";
import type { Deployed } from "../state/state.mts";

interface ExecOptions {
  /** Allocates a terminal in the container, for interactive use. */
  terminal: boolean;
  /** Standard input. Default: this command's own. */
  input?: string;
  /** Program for the audit log. Default: the command's. */
  program?: string;
}

/** Whether standard input and output are a terminal. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** The server that runs a container of a service: the one with the data if it does, or if none does. */
export async function serverWith(
  { place, others }: Pick<Deployed, "place" | "others">,
  service: string,
): Promise<Place> {
  if (others.length === 0 || service === "" || (await runsService(place, service))) return place;
  const { answers } = await askOthers(others, async (other) => ({ other, runs: await runsService(other, service) }));
  return answers.find(({ runs }) => runs)?.other ?? place;
}

async function runsService(place: Place, service: string): Promise<boolean> {
  return (await attempt(place, "runs-service.sh", { words: [service] })).status === 0;
}

/** Runs a command in the newest running container of a service and returns its exit code. */
export function inContainer(
  place: Place,
  service: string,
  command: string[],
  { terminal, input, program = programIn(command) }: ExecOptions,
): Promise<number> {
  const words = [auditFolder(place.sshPrefix), actorIn("."), program, service, terminal ? "-it" : "-i", ...command];
  return runInteractively(place, "exec.sh", { words, terminal, ...(input !== undefined && { input }) });
}

/** The program of a command for the audit log, without its arguments, which may be secret. */
export function programIn([program = ""]: string[]): string {
  return basename(program.split("=", 1)[0] ?? "");
}

/** The arguments to run in the container: a single word is a shell command line, none starts a shell. */
export function wordsFor(command: string[]): string[] {
  if (command.length > 1) return command;
  return command[0] === undefined ? ["sh"] : ["sh", "-c", command[0]];
}
