import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { Problem } from "../../model/problem.ts";
import { type Stack, settingsFile } from "../project/stack.mts";
import { TEMPLATE } from "../project/template-file.mts";
import { nameOfStack } from "./name.mts";
import type { Template } from "./template.mts";

const FIRST_LINE = `# Generated from ${TEMPLATE} by npx berth preview-env. Edits are lost.`;

/** For a new preview environment. @throws Problem if there is a file that somebody wrote for a stack with its name. */
export function requireNoSettings(stack: Stack): void {
  const file = settingsFile(stack);
  if (!existsSync(file) || readFileSync(file, "utf8").startsWith(FIRST_LINE)) return;
  throw new Problem(
    `Pulumi.${stack.name}.yaml was not written by npx berth preview-env, so the stack is not a preview environment. Nothing was changed. Choose another name.`,
  );
}

/** Writes the settings of a preview environment. */
export function writeSettings(stack: Stack, { rules, settings }: Template): void {
  // Pulumi reads YAML 1.1, in which an unquoted `off` is false.
  const format = { lineWidth: 0, compat: "yaml-1.1" } as const;
  // It has no data that matters, so npx berth preview-env down deletes all of it.
  const own = { siteName: `${nameOfStack(stack.name)}.${rules.domain}`, frontDoor: true, forceDestroyData: stack.name };
  const config = Object.entries({ ...settings, ...own }).map(([name, value]) => [
    name.includes(":") ? name : `${stack.project.name}:${name}`,
    value,
  ]);
  writeFileSync(settingsFile(stack), `${FIRST_LINE}\n${stringify({ config: Object.fromEntries(config) }, format)}`);
}
