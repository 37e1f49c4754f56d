import { shown } from "../../remote/program.mts";
import type { Stack } from "../project/stack.mts";

/** Where Pulumi finds program and settings. */
export interface Sources {
  /** Folder of the program. Default: the project's. */
  folder?: string;
  /** The stack's settings. */
  settings: string;
}

/**
 * Pulumi would do four things at once for each processor here. Where a server's owner has limited sshd, sessions beyond those of a
 * connection sign in by themselves, and sshd refuses some of many that do so at once.
 */
const UNATTENDED = ["--yes", "--skip-preview", "--parallel", "8"];

/** Deploys, and gives Pulumi's exit code. */
export function pulumiUp(stack: Stack, sources: Sources): Promise<number> {
  return call(stack, sources, ["up", ...UNATTENDED]);
}

/** Destroys, and gives Pulumi's exit code. */
export function pulumiDestroy(stack: Stack, sources: Sources): Promise<number> {
  return call(stack, sources, ["destroy", ...UNATTENDED]);
}

/** Shows every detail of what a deployment would do, and gives Pulumi's exit code. */
export function pulumiPreview(stack: Stack, sources: Sources, words: string[]): Promise<number> {
  return call(stack, sources, ["preview", ...words]);
}

function call(
  { project, name }: Stack,
  { folder, settings }: Sources,
  [command = "", ...words]: string[],
): Promise<number> {
  // Another folder names the same state.
  const elsewhere =
    folder === undefined ? {} : { cwd: folder, env: { ...process.env, PULUMI_BACKEND_URL: project.backend } };
  return shown("pulumi", [command, "--stack", name, "--config-file", settings, ...words], elsewhere);
}
