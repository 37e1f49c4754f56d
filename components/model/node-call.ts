import { commandLine } from "./shell.ts";

/** The modules import sources without a named module system. */
const OPTION = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";

/**
 * Shell command that runs a function of this package with Node.js in the project's folder: `pack` of `berth/pack`. It has no path, so it
 * is the same on every machine and plans do not differ.
 */
export function nodeCall(name: "digests" | "join" | "leave" | "pack" | "prepare" | "reach" | "sources"): string {
  return commandLine(["node", OPTION, "--eval", `import("berth/${name}").then(({ ${name} }) => ${name}())`]);
}
