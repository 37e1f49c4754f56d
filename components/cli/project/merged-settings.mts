import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { pulumi } from "../engine/pulumi.mts";
import { readYaml, stateFile, stateFolder } from "./project.mts";
import { requireSettingsFile, type Stack } from "./stack.mts";

/** What `pulumi stack init` writes beside the settings. */
const ENCRYPTION = /^(encryption\w*|secretsprovider)$/;

/**
 * Writes the stack's settings with the encryption salt that is kept beside the state, so that no tracked file changes, and gives the
 * file's path. A stack whose owner ran `pulumi stack init` has all of it in its own file.
 */
export function mergedSettings(stack: Stack): string {
  const tracked = requireSettingsFile(stack);
  const merged = join(stateFolder(stack.project), `Pulumi.${stack.name}.yaml`);
  const kept = keptFile(stack);
  const settings = parseDocument(readFileSync(tracked, "utf8"));
  if (existsSync(kept) && Object.keys(encryptionIn(settings.toJS())).length === 0) {
    for (const [key, value] of Object.entries(encryptionIn(readYaml(kept)))) settings.set(key, value);
    writeFileSync(merged, settings.toString());
  } else {
    copyFileSync(tracked, merged);
  }
  return merged;
}

/** Whether the state knows the stack. Pulumi takes a quarter of a second to say so, the file backend's file none. */
async function exists(stack: Stack): Promise<boolean> {
  const file = stateFile(stack.project, stack.name);
  if (file !== undefined && existsSync(file)) return true;
  // Pulumi fails where a file backend's folder is missing, as in a new project.
  stateFolder(stack.project);
  const stacks: { name: string }[] = JSON.parse(await pulumi(["stack", "ls", "--json"]));
  return stacks.some(({ name }) => name === stack.name || name.endsWith(`/${stack.name}`));
}

/** Makes the stack, in a folder of its own: Pulumi writes the salt into the stack's file in the folder where it makes the stack. */
async function makeStack(stack: Stack): Promise<void> {
  console.error(`Making the stack ${stack.name}`);
  const folder = mkdtempSync(join(tmpdir(), "berth-stack-"));
  try {
    cpSync(join(stack.project.folder, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    const environment = { ...process.env, PULUMI_BACKEND_URL: stack.project.backend };
    await pulumi(["stack", "init", stack.name, "--no-select"], "", { cwd: folder, env: environment });
    const made = join(folder, `Pulumi.${stack.name}.yaml`);
    if (existsSync(made)) writeFileSync(keptFile(stack), stringify(encryptionIn(readYaml(made))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function keptFile({ project, name }: Stack): string {
  return join(stateFolder(project), `${name}.salt`);
}

function encryptionIn(file: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(file ?? {}).filter(([key]) => ENCRYPTION.test(key)));
}

/** The same for a command that may be the first of a stack: makes the stack where there is none. */
export async function readySettings(stack: Stack): Promise<string> {
  requireSettingsFile(stack);
  if (!(await exists(stack))) await makeStack(stack);
  return mergedSettings(stack);
}
