import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { above } from "../project/project.mts";

/** Folder for Pulumi, its plugins and the passphrase: the nearest `.pulumi-home` at or above the project. */
export function engineHome(projectFolder: string): string {
  return join(above(projectFolder, ".pulumi-home") ?? projectFolder, ".pulumi-home");
}

/** Marker file: Berth installed Pulumi into this folder and uses it instead of one on PATH. */
export function installedMark(home: string): string {
  return join(home, "installed");
}

/** Environment variables for Pulumi and its child processes. Variables that are already set keep their values. */
export function engineVariables(home: string): Record<string, string> {
  const installed = existsSync(installedMark(home));
  return {
    // Pulumi's language host starts `node` from PATH, where an older one may come first.
    PATH: pathWith([...(installed ? [join(home, "bin")] : []), dirname(process.execPath)]),
    ...(installed && { PULUMI_HOME: home }),
    ...(needsPassphrase() && { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) }),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Pulumi reads the encryption salt from the state if Pulumi.<stack>.yaml has none.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    // Checking the types at every start would take seconds; `npx tsc --noEmit` checks them.
    PULUMI_NODEJS_TRANSPILE_ONLY: process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] ?? "true",
    // Saves half a second at every start of the program.
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(home, "node-compile-cache"),
    // Pulumi, its plugins and Docker's client are short-lived Go programs: trades memory for less garbage collection.
    GOGC: process.env["GOGC"] ?? "400",
  };
}

function pathWith(folders: string[]): string {
  const current = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.filter((folder) => !current.includes(folder)), ...current].join(delimiter);
}

function needsPassphrase(): boolean {
  return process.env["PULUMI_CONFIG_PASSPHRASE"] === undefined && !process.env["PULUMI_CONFIG_PASSPHRASE_FILE"];
}

/**
 * The file with the passphrase that encrypts secrets in the state, generated on first use. Without it, the secrets are lost.
 * `linkSync` fails if another command has created the file in the meantime; that passphrase is then used.
 */
function passphraseFile(home: string): string {
  const file = join(home, "passphrase");
  if (existsSync(file) && statSync(file).size > 0) return file;
  mkdirSync(home, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(temporary);
  }
  return file;
}
