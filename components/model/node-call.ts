import { commandLine } from "./shell.ts";

/**
 * Shell command that runs a function of this package with Node.js in the project's folder: `pack` of `berth/pack`. It has no path, so it
 * is the same on every machine and plans do not differ.
 */
export function nodeCall(name: "pack" | "prepare" | "reach", options: readonly string[] = []): string {
  return commandLine(["node", ...options, "--eval", `import("berth/${name}").then(({ ${name} }) => ${name}())`]);
}
