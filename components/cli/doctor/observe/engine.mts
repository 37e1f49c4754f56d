import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseState, resourcesOf } from "../../../model/state.ts";
import { capture, type ProgramResult } from "../../../remote/program.mts";
import { engineHome, engineVariables } from "../../engine/environment.mts";
import { findPulumi, OLDEST_PULUMI, versionOf } from "../../engine/find.mts";
import { heldLocks, refusal } from "../../lock/lock.mts";
import { type Project, statePath } from "../../project/project.mts";
import type { Stack } from "../../project/stack.mts";
import type { Engine } from "../facts.mts";
import type { Settings } from "../settings.mts";

type EngineAccess = Pick<Engine, "pulumi" | "passphrase">;

/** Sets up Pulumi to read the state, without installing it or generating a passphrase. */
export function openEngine({ folder }: Pick<Project, "folder">): EngineAccess {
  const home = engineHome(folder);
  const found = findPulumi(home);
  const passphrase = passphraseIn(home);
  // With an empty passphrase in the environment, Berth generates none.
  if (passphrase === "none") process.env["PULUMI_CONFIG_PASSPHRASE"] = "";
  Object.assign(process.env, engineVariables(home));
  return { pulumi: found && (found.version ?? versionOf(found.program)), passphrase };
}

function passphraseIn(home: string): Engine["passphrase"] {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (passphrase !== undefined || file) return "environment";
  const passphrasePath = join(home, "passphrase");
  return existsSync(passphrasePath) && statSync(passphrasePath).size > 0 ? "file" : "none";
}

/** Whether the state is readable, its number of resources, and whether the passphrase decrypts its secrets. */
export async function observeEngine(stack: Stack, { secrets }: Settings, access: EngineAccess): Promise<Engine> {
  const engine: Engine = {
    ...access,
    oldestPulumi: OLDEST_PULUMI,
    backend: stack.project.backend,
    state: folderOf(stack.project) ?? "reachable",
    stackExists: false,
    resources: undefined,
    decrypts: undefined,
    locks: locksOf(stack),
  };
  if (access.pulumi === undefined || engine.state !== "reachable") return engine;
  const exported = await exportOf(stack, "--show-secrets");
  if (/no stack named/.test(exported.stderr)) return engine;
  // An export without secrets shows whether the state or the passphrase is the cause.
  const readable = exported.status === 0 ? exported : await exportOf(stack);
  if (readable.status !== 0) return { ...engine, state: { refused: readable.stderr.trim() } };
  const resources = resourcesOf(parseState(readable.stdout)).length;
  const tried = [
    ...(resources > 0 || exported.status !== 0 ? [exported] : []),
    ...(secrets.length > 0 ? [await runPulumi(["config", "--json", "--show-secrets"], stack)] : []),
  ];
  return { ...engine, stackExists: true, resources, decrypts: decryptsIn(tried) };
}

/** Undefined for a state without resources, which has no secrets to decrypt. */
function decryptsIn(tried: ProgramResult[]): Engine["decrypts"] {
  const failed = tried.find(({ status }) => status !== 0);
  if (failed) return { works: false, error: failed.stderr.trim() };
  return tried.length > 0 ? { works: true, error: "" } : undefined;
}

function exportOf(stack: Stack, ...more: string[]): Promise<ProgramResult> {
  return runPulumi(["stack", "export", ...more], stack);
}

function runPulumi(words: string[], { name }: Stack): Promise<ProgramResult> {
  return capture("pulumi", [...words, "--stack", name, "--color", "never", "--non-interactive"]);
}

/** Checks the file backend's folder; undefined if it is usable, or if the state is in another backend. */
function folderOf(project: Project): Engine["state"] | undefined {
  const path = statePath(project);
  if (path === undefined) return undefined;
  const exists = existsSync(path);
  try {
    accessSync(exists ? path : dirname(path), constants.R_OK | constants.W_OK);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  return exists ? undefined : "absent";
}

/** Locks that block a deployment; it removes a lock whose process has ended. */
function locksOf(stack: Stack): Engine["locks"] {
  try {
    return heldLocks(stack)
      .filter(({ holderStatus }) => holderStatus !== "ended")
      .map((held) => {
        const [found = "", ...advice] = refusal(stack, held).split("\n");
        return { found, advice: advice.join(" ").replace("Nothing was changed. ", "") };
      });
  } catch (error) {
    return [{ found: String(error), advice: "Give this account read access to the folder of the state." }];
  }
}
