import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { captured } from "../../remote/program.mts";
import { readyEngine } from "../engine/ready.mts";
import { findProject, type Project } from "./project.mts";

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
  await readyEngine(project.folder);
  return { project, name: named ?? (await selected()) ?? "dev" };
}

async function selected(): Promise<string | undefined> {
  const { status, stdout } = await captured("pulumi", ["stack", "--show-name", "--non-interactive"]);
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/** Path of the file with a stack's settings. */
export function settingsFile({ project, name }: Stack): string {
  return join(project.folder, `Pulumi.${name}.yaml`);
}

/** @throws Problem if the stack has no settings file: usually its name is mistyped. */
export function requireSettingsFile(stack: Stack): string {
  const file = settingsFile(stack);
  if (existsSync(file)) return file;
  const others = readdirSync(stack.project.folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  const known = others.length > 0 ? ` The stacks here are: ${others.sort().join(", ")}.` : "";
  throw new Problem(
    `There is no ${`Pulumi.${stack.name}.yaml`}.${known} To add a stack, copy the file of another one and edit it.`,
  );
}
