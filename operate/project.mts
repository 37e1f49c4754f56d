import { readFileSync } from "node:fs";

/** Name of the project in whose folder this runs, as it stands in its Pulumi.yaml and in the labels. */
export function projectName(): string {
  const [, name] = /^name:\s*(\S+)/m.exec(readFileSync("Pulumi.yaml", "utf8")) ?? [];
  if (name === undefined) throw new Error("There is no Pulumi.yaml with a name in this folder.");
  return name;
}
