import { readFileSync } from "node:fs";
import { withPreamble } from "./preamble";
import { quote } from "./shell";

/**
 * The shell script that a systemd service of a stack runs: one file, so that a release replaces it at once. The variables come before the
 * files.
 */
export function serviceScript(files: readonly string[], variables: Record<string, string | number | boolean>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(String(value))}`);
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  return `#!/bin/sh\n${lines.join("\n")}\n${withPreamble(source)}`;
}
