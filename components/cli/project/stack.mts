import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { captured } from "../../remote/program.mts";
import { readyEngine } from "../engine/ready.mts";
import { findProject, type Project } from "./project.mts";

/** A stack of a project: what a command is about. */
export interface Stack {
  project: Project;
  name: string;
}

/**
 * The stack a command is about: the one that `--stack` names, else the one that `pulumi stack select` chose, else `dev`.
 * Goes to the project's folder and makes the engine ready.
 */
export async function openStack(named: string | undefined): Promise<Stack> {
  const project = findProject();
  process.chdir(project.folder);
  await readyEngine(project.folder);
  return { project, name: named ?? (await selected()) ?? "dev" };
}

async function selected(): Promise<string | undefined> {
  const { status, stdout } = await captured("pulumi", ["stack", "--show-name", "--non-interactive"]);
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/** The file with a stack's own settings. */
export function settingsFile({ project, name }: Stack): string {
  return join(project.folder, `Pulumi.${name}.yaml`);
}

/** @throws Problem where the stack has no settings file: most often its name is mistyped. */
export function requireSettingsFile(stack: Stack): string {
  const file = settingsFile(stack);
  if (existsSync(file)) return file;
  const others = readdirSync(stack.project.folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  const known = others.length > 0 ? ` The stacks here are: ${others.sort().join(", ")}.` : "";
  throw new Problem(
    `There is no ${`Pulumi.${stack.name}.yaml`}.${known} For another stack, copy one of their files to it and edit it.`,
  );
}
