import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { above } from "../project/project.mts";

/** Folder for the engine, its plugins and the passphrase: the nearest `.pulumi-home` at or above the project. */
export function engineHome(projectFolder: string): string {
  return join(above(projectFolder, ".pulumi-home") ?? projectFolder, ".pulumi-home");
}

/** This file says that the engine in the folder is Berth's, to be used instead of one on PATH. */
export function installedMark(home: string): string {
  return join(home, "installed");
}

/** Variables for Pulumi and everything it starts. A variable that is set already keeps its value. */
export function engineVariables(home: string): Record<string, string> {
  const own = existsSync(installedMark(home));
  return {
    // The language host starts `node`: the one that runs now, as an older one may come first.
    PATH: pathWith([...(own ? [join(home, "bin")] : []), dirname(process.execPath)]),
    ...(own && { PULUMI_HOME: home }),
    ...(needsPassphrase() && { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) }),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The salt that belongs to the passphrase is in the stack's state where Pulumi.<stack>.yaml has none.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    // Checking the types at every start would take seconds; `npx tsc --noEmit` checks them.
    PULUMI_NODEJS_TRANSPILE_ONLY: process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] ?? "true",
    // Half a second less at every start of the program.
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(home, "node-compile-cache"),
    // Engine, plugins and Docker's client are Go programs that live for seconds: with more memory they collect less garbage.
    GOGC: process.env["GOGC"] ?? "400",
  };
}

function pathWith(folders: string[]): string {
  const known = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.filter((folder) => !known.includes(folder)), ...known].join(delimiter);
}

function needsPassphrase(): boolean {
  return process.env["PULUMI_CONFIG_PASSPHRASE"] === undefined && !process.env["PULUMI_CONFIG_PASSPHRASE_FILE"];
}

/**
 * The file with the passphrase that encrypts secrets in the state, made at the first call. Whoever loses it loses the secrets.
 * Of two commands that start at once, the first decides.
 */
function passphraseFile(home: string): string {
  const file = join(home, "passphrase");
  if (existsSync(file) && statSync(file).size > 0) return file;
  mkdirSync(home, { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(aside);
  }
  return file;
}
