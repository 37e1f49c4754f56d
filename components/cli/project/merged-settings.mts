import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { pulumi } from "../engine/pulumi.mts";
import { readYaml, stateFile, stateFolder } from "./project.mts";
import { requireSettingsFile, type Stack } from "./stack.mts";

/** Keys that `pulumi stack init` adds to a stack's file. */
const ENCRYPTION = /^(encryption\w*|secretsprovider)$/;

/**
 * Writes the stack's settings together with the encryption salt to a file and returns its path. The salt is stored beside the
 * state, so that no tracked file changes, unless the user ran `pulumi stack init`, which writes it to the stack's own file.
 */
export function mergedSettings(stack: Stack): string {
  const tracked = requireSettingsFile(stack);
  const merged = join(stateFolder(stack.project), `Pulumi.${stack.name}.yaml`);
  const salt = saltFile(stack);
  const settings = parseDocument(readFileSync(tracked, "utf8"));
  if (existsSync(salt) && Object.keys(encryptionIn(settings.toJS())).length === 0) {
    for (const [key, value] of Object.entries(encryptionIn(readYaml(salt)))) settings.set(key, value);
    writeFileSync(merged, settings.toString());
  } else {
    copyFileSync(tracked, merged);
  }
  return merged;
}

/** Whether the stack exists. Looks for the file of the file backend first, because Pulumi takes a quarter of a second. */
async function exists(stack: Stack): Promise<boolean> {
  const file = stateFile(stack.project, stack.name);
  if (file !== undefined && existsSync(file)) return true;
  // Pulumi fails if the folder of a file backend is missing, as in a new project.
  stateFolder(stack.project);
  const stacks: { name: string }[] = JSON.parse(await pulumi(["stack", "ls", "--json"]));
  return stacks.some(({ name }) => name === stack.name || name.endsWith(`/${stack.name}`));
}

/** Creates the stack from a temporary folder, because Pulumi writes the salt to the stack's file in the current folder. */
async function createStack(stack: Stack): Promise<void> {
  console.error(`Creating the stack ${stack.name}`);
  const folder = mkdtempSync(join(tmpdir(), "berth-stack-"));
  try {
    cpSync(join(stack.project.folder, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    const environment = { ...process.env, PULUMI_BACKEND_URL: stack.project.backend };
    await pulumi(["stack", "init", stack.name, "--no-select"], "", { cwd: folder, env: environment });
    const settingsWithSalt = join(folder, `Pulumi.${stack.name}.yaml`);
    if (existsSync(settingsWithSalt))
      writeFileSync(saltFile(stack), stringify(encryptionIn(readYaml(settingsWithSalt))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function saltFile({ project, name }: Stack): string {
  return join(stateFolder(project), `${name}.salt`);
}

function encryptionIn(file: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(file ?? {}).filter(([key]) => ENCRYPTION.test(key)));
}

/** Like `mergedSettings`, but creates the stack if it does not exist. */
export async function readySettings(stack: Stack): Promise<string> {
  requireSettingsFile(stack);
  if (!(await exists(stack))) await createStack(stack);
  return mergedSettings(stack);
}
