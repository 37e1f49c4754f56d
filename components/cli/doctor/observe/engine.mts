import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseState, resourcesOf } from "../../../model/state.ts";
import { captured, type ProgramResult } from "../../../remote/program.mts";
import { engineHome, engineVariables } from "../../engine/environment.mts";
import { findPulumi, OLDEST_PULUMI, versionOf } from "../../engine/find.mts";
import { heldLocks, refusal } from "../../lock/lock.mts";
import { type Project, statePath } from "../../project/project.mts";
import type { Stack } from "../../project/stack.mts";
import type { Engine } from "../facts.mts";
import type { Settings } from "../settings.mts";

type Found = Pick<Engine, "pulumi" | "passphrase">;

/** Makes Pulumi usable for the look at the state, without installing it and without making a passphrase. */
export function openEngine({ folder }: Pick<Project, "folder">): Found {
  const home = engineHome(folder);
  const found = findPulumi(home);
  const passphrase = passphraseIn(home);
  // With an empty one set, none is made.
  if (passphrase === "none") process.env["PULUMI_CONFIG_PASSPHRASE"] = "";
  Object.assign(process.env, engineVariables(home));
  return { pulumi: found && (found.version ?? versionOf(found.program)), passphrase };
}

function passphraseIn(home: string): Engine["passphrase"] {
  const { PULUMI_CONFIG_PASSPHRASE: own, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (own !== undefined || file) return "environment";
  const made = join(home, "passphrase");
  return existsSync(made) && statSync(made).size > 0 ? "file" : "none";
}

/** Whether the state can be used, what is in it, and whether its secrets can be decrypted. */
export async function observeEngine(stack: Stack, { secrets }: Settings, found: Found): Promise<Engine> {
  const engine: Engine = {
    ...found,
    oldestPulumi: OLDEST_PULUMI,
    backend: stack.project.backend,
    state: folderOf(stack.project) ?? "reachable",
    stackExists: false,
    resources: undefined,
    decrypts: undefined,
    locks: locksOf(stack),
  };
  if (found.pulumi === undefined || engine.state !== "reachable") return engine;
  const exported = await exportOf(stack, "--show-secrets");
  if (/no stack named/.test(exported.stderr)) return engine;
  // Without the secrets it says whether the state or the passphrase is the reason.
  const readable = exported.status === 0 ? exported : await exportOf(stack);
  if (readable.status !== 0) return { ...engine, state: { refused: readable.stderr.trim() } };
  const resources = resourcesOf(parseState(readable.stdout)).length;
  const tried = [
    ...(resources > 0 || exported.status !== 0 ? [exported] : []),
    ...(secrets.length > 0 ? [await ask(["config", "--json", "--show-secrets"], stack)] : []),
  ];
  return { ...engine, stackExists: true, resources, decrypts: decryptsIn(tried) };
}

/** A state without resources has nothing to decrypt, and says nothing of the passphrase. */
function decryptsIn(tried: ProgramResult[]): Engine["decrypts"] {
  const failed = tried.find(({ status }) => status !== 0);
  if (failed) return { works: false, said: failed.stderr.trim() };
  return tried.length > 0 ? { works: true, said: "" } : undefined;
}

function exportOf(stack: Stack, ...more: string[]): Promise<ProgramResult> {
  return ask(["stack", "export", ...more], stack);
}

function ask(words: string[], { name }: Stack): Promise<ProgramResult> {
  return captured("pulumi", [...words, "--stack", name, "--color", "never", "--non-interactive"]);
}

/** The file backend's folder; undefined where it is there and can be used, or where the state is kept elsewhere. */
function folderOf(project: Project): Engine["state"] | undefined {
  const path = statePath(project);
  if (path === undefined) return undefined;
  const there = existsSync(path);
  try {
    accessSync(there ? path : dirname(path), constants.R_OK | constants.W_OK);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  return there ? undefined : "absent";
}

/** A lock whose process has ended is removed by the next deployment. */
function locksOf(stack: Stack): Engine["locks"] {
  try {
    return heldLocks(stack)
      .filter(({ holderStatus }) => holderStatus !== "ended")
      .map((held) => {
        const [found = "", ...advice] = refusal(stack, held).split("\n");
        return { found, advice: advice.join(" ").replace("Nothing was changed. ", "") };
      });
  } catch (error) {
    return [{ found: String(error), advice: "Make the folder of the state readable for this account." }];
  }
}
