import { NO_CACHE } from "../../build/no-cache.ts";
import { runAttached } from "../../remote/program.mts";
import type { Stack } from "../project/stack.mts";
import { repeatingNotes } from "./notes.mts";

/** Program and settings for Pulumi. */
export interface Sources {
  /** Folder of the program. Default: the project's folder. */
  folder?: string;
  /** Path of the stack's settings file. */
  settings: string;
  /** Whether to build images without the builder's cache. Default: false. */
  noCache?: boolean;
  /** Called with the process id of Pulumi when it starts to deploy. */
  started?: (pid: number) => void;
}

/**
 * Pulumi's default is four parallel operations for each local processor. Where sshd limits the sessions of a shared connection,
 * the others open connections of their own, and sshd (MaxStartups) refuses some if too many do so at once.
 */
const UNATTENDED = ["--yes", "--skip-preview", "--parallel", "8"];

/**
 * Runs `pulumi up` and returns its exit code.
 *
 * @param images Variables of `withProgramImages`.
 */
export function pulumiUp(stack: Stack, sources: Sources, images: Record<string, string> = {}): Promise<number> {
  return repeatingNotes((notes) => call(stack, sources, ["up", ...UNATTENDED], { ...notes, ...images }));
}

/** Runs `pulumi destroy` and returns its exit code. */
export function pulumiDestroy(stack: Stack, sources: Sources): Promise<number> {
  return call(stack, sources, ["destroy", ...UNATTENDED]);
}

/** Runs `pulumi preview` and returns its exit code. */
export function pulumiPreview(
  stack: Stack,
  sources: Sources,
  words: string[],
  images: Record<string, string>,
): Promise<number> {
  return call(stack, sources, ["preview", ...words], images);
}

function call(
  { project, name }: Stack,
  { folder, settings, noCache, started }: Sources,
  [command = "", ...words]: string[],
  variables: Record<string, string> = {},
): Promise<number> {
  // A program in another folder uses the same state.
  const elsewhere = folder === undefined ? {} : { PULUMI_BACKEND_URL: project.backend };
  const options = {
    ...(folder !== undefined && { cwd: folder }),
    env: { ...process.env, ...elsewhere, ...(noCache && { [NO_CACHE]: "true" }), ...variables },
  };
  return runAttached("pulumi", [command, "--stack", name, "--config-file", settings, ...words], options, started);
}
