import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { RawSettings } from "./kinds.ts";
import type { Settings } from "./setting.ts";

/** Timeout of a command. */
const SECONDS = 60;
const ENTRY = /^([A-Za-z]\w*)=(.*\S.*)$/s;

/** Settings whose values come from commands. */
export interface FromCommands {
  values: RawSettings;
  /** One sentence for each problem, with what to do. */
  problems: string[];
}

/** Runs a command line and returns its standard output, or why there is none. */
export type Run = (command: string) => { output: string } | { failure: string };

/**
 * Runs the commands of the setting `secretCommands`, a list of `<setting>=<command line>`. What they print is kept in this process: no
 * message has it, as it is secret or may contain a secret.
 */
export function secretsFromCommands(given: RawSettings, settings: Settings, run: Run = runInShell): FromCommands {
  const found: FromCommands = { values: {}, problems: [] };
  const values: Record<string, string> = {};
  for (const entry of entriesOf(given["secretCommands"])) {
    const [, name = "", command = ""] = ENTRY.exec(entry) ?? [];
    const problem =
      entryProblem(entry, name, given, settings) ?? (name in values ? `${name} is there twice` : undefined);
    const result = problem === undefined ? run(command) : { failure: problem };
    if ("output" in result) values[name] = result.output;
    else if (problem !== undefined) found.problems.push(`secretCommands: ${problem}`);
    else found.problems.push(`${name}: ${result.failure}. To see why, run it in the project's folder: ${command}`);
  }
  return { ...found, values };
}

/** Runs the commands of `secretCommands` and returns only whether they work, for `berth doctor`. */
export function tryCommands(text: string | undefined, run: Run = runInShell): { name: string; failure?: string }[] {
  return entriesOf(text).map((entry) => {
    const [, name = "", command = ""] = ENTRY.exec(entry) ?? [];
    if (name === "") return { name: entry, failure: "it is not <setting>=<command>" };
    const result = run(command);
    return { name, ...("failure" in result && { failure: result.failure }) };
  });
}

function entriesOf(text = "[]"): string[] {
  try {
    const value: unknown = JSON.parse(text === "" ? "[]" : text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    // The setting's own form reports it.
    return [];
  }
}

function entryProblem(entry: string, name: string, given: RawSettings, settings: Settings): string | undefined {
  if (name === "") return `${JSON.stringify(entry)} is not <setting>=<command>, e.g. "adminPassword=op read op://…"`;
  if (!settings[name]) return `${name} is not a setting`;
  if (!settings[name].secret) return `${name} is no secret, so set its value in the stack's file`;
  if (given[name]) return `${name} has a value in the stack's file too (pulumi config rm ${name})`;
  return undefined;
}

/** In the project's folder, also for the sources of an earlier release. Nobody can answer a question, and standard error is not shown. */
function runInShell(command: string): ReturnType<Run> {
  const { status, signal, stdout, error } = spawnSync("/bin/sh", ["-c", command], {
    cwd: process.env["BERTH_PROJECT"] ?? process.cwd(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: SECONDS * 1000,
    killSignal: "SIGKILL",
  });
  const program = `the command ${basename(command.trim().split(/\s/, 1)[0] ?? "")}`;
  if (error && "code" in error && error.code === "ETIMEDOUT")
    return { failure: `${program} took more than ${SECONDS} s` };
  if (error) return { failure: `${program} cannot be run` };
  if (status === 127) return { failure: `${program} is not installed on this machine` };
  if (status !== 0) return { failure: `${program} ended with ${signal ?? `exit code ${status}`}` };
  const output = stdout.replace(/\r?\n$/, "");
  return output === "" ? { failure: `${program} printed nothing` } : { output };
}
