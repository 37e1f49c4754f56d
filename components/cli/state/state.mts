import { existsSync, readFileSync } from "node:fs";
import { Problem } from "../../model/problem.ts";
import { otherServersOf, parseState, parseStored, resourcesOf, type State, sshPrefixOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { capture } from "../../remote/program.mts";
import { pulumi } from "../engine/pulumi.mts";
import { placeOf } from "../project/place.mts";
import { stateFile } from "../project/project.mts";
import type { Stack } from "../project/stack.mts";
import { hint } from "../terminal/hint.mts";
import type { OtherServer } from "./others.mts";

interface Options {
  /** Exports secrets in plain text. Default: false, encrypted. */
  secrets?: boolean;
}

/** Reads the state of a stack. @throws Problem if there is no such stack or its state cannot be read. */
export async function readState(stack: Stack, options: Options = {}): Promise<State> {
  const state = await findState(stack, options);
  if (!state) throw new Problem(`There is no stack ${stack.name}. To deploy it: ${hint(stack.name, "up")}`);
  return state;
}

/** Like `readState`, but undefined if there is no such stack. */
export async function findState(stack: Stack, { secrets = false }: Options = {}): Promise<State | undefined> {
  const { name } = stack;
  const stored = secrets ? undefined : storedState(stack);
  if (stored) return stored;
  const words = [
    "stack",
    "export",
    "--stack",
    name,
    "--color",
    "never",
    "--non-interactive",
    ...(secrets ? ["--show-secrets"] : []),
  ];
  const { status, stdout, stderr } = await capture("pulumi", words);
  if (status === 0) return parseState(stdout);
  if (stderr.includes("no stack named")) return undefined;
  throw new Problem(`The state of the stack ${name} cannot be read. Pulumi said: ${stderr.trim()}`);
}

/** The state in the file backend, as Pulumi takes half a second to export the same. Undefined if Pulumi has to read it. */
function storedState({ project, name }: Stack): State | undefined {
  const file = stateFile(project, name);
  return file !== undefined && existsSync(file) ? parseStored(readFileSync(file, "utf8")) : undefined;
}

/** @throws Problem if the state is inconsistent; the stored state is then unchanged. */
export async function writeState({ name }: Stack, state: State): Promise<void> {
  await pulumi(["stack", "import", "--stack", name], JSON.stringify(state));
}

/** The state of a deployed stack and the machines it runs on. */
export interface Deployed {
  state: State;
  /** The only server, or the one with the data. */
  place: Place;
  /** The other servers. */
  others: OtherServer[];
}

/** @throws Problem with the next step if the stack is not deployed. */
export async function deployedStack(stack: Stack, options: Options = {}): Promise<Deployed> {
  const state = await readState(stack, options);
  const sshPrefix = sshPrefixOf(state);
  const up = hint(stack.name, "up");
  if (resourcesOf(state).length === 0) throw new Problem(`The stack ${stack.name} is down. To deploy it: ${up}`);
  if (sshPrefix === undefined) {
    throw new Problem(
      `The server of the stack ${stack.name} is not known yet, as no deployment came that far. To deploy it: ${up}`,
    );
  }
  const others = otherServersOf(state).map(({ name, sshPrefix: other }) => ({
    name,
    place: placeOf(stack, other, name),
  }));
  return { state, place: placeOf(stack, sshPrefix), others };
}
