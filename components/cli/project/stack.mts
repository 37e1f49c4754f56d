import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";
import { readyEngine } from "../engine/ready.mts";
import { useKeyFromVariable } from "../engine/ssh-key.mts";
import { findProject, type Project } from "./project.mts";
import { hasTemplate, TEMPLATE } from "./template-file.mts";

/** A stack of a project. */
export interface Stack {
  project: Project;
  name: string;
}

/**
 * Opens the stack a command works on: the one of `--stack`, else the one of `pulumi stack select`, else `dev`.
 * Changes to the project's folder and prepares Pulumi.
 */
export async function openStack(named: string | undefined): Promise<Stack> {
  const project = findProject();
  process.chdir(project.folder);
  await useKeyFromVariable();
  await readyEngine(project.folder);
  return { project, name: named ?? (await selectedStack()) ?? "dev" };
}

async function selectedStack(): Promise<string | undefined> {
  const { status, stdout } = await capture("pulumi", ["stack", "--show-name", "--non-interactive"]);
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/** Path of the file with a stack's settings. */
export function settingsFile({ project, name }: Stack): string {
  return join(project.folder, `Pulumi.${name}.yaml`);
}

/** @throws Problem if the stack has no settings file: usually its name is mistyped. */
export function requireSettingsFile(stack: Stack): string {
  const file = settingsFile(stack);
  const isTemplate = (name: string) => name === TEMPLATE && hasTemplate(stack.project.folder);
  if (isTemplate(basename(file))) {
    throw new Problem(
      `${TEMPLATE} is the template of preview environments, not the settings of a stack: npx berth preview-env up <name>`,
    );
  }
  if (existsSync(file)) return file;
  const files = readdirSync(stack.project.folder).filter((name) => !isTemplate(name));
  const stacks = files.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  const hint = stacks.length > 0 ? ` The stacks here are: ${stacks.sort().join(", ")}.` : "";
  throw new Problem(
    `There is no ${`Pulumi.${stack.name}.yaml`}.${hint} To add a stack, copy the file of another one and edit it.`,
  );
}
