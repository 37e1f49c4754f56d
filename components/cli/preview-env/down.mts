import { rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { resourcesOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { destroy } from "../deploy/down.mts";
import { pulumi } from "../engine/pulumi.mts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import { lockFolder } from "../lock/lock-files.mts";
import { stateFolder, statePath } from "../project/project.mts";
import { type Stack, settingsFile } from "../project/stack.mts";
import { findState } from "../state/state.mts";
import { nameOfStack } from "./name.mts";
import { requireOwn } from "./own.mts";
import { placesOf } from "./places.mts";
import { stackNames } from "./previews.mts";
import { requireNoSettings, writeSettings } from "./settings-file.mts";
import { readTemplate } from "./template.mts";
import { removeTraces, type Trace, tracesOf } from "./traces.mts";

/**
 * Takes a preview environment down and removes everything of it: containers, networks, volumes, images, its route, folders on the server,
 * state and settings. Can be repeated. Returns false if there is none.
 *
 * @throws Problem if the stack is somebody's own, if Pulumi fails, or if something is left. The state stays then.
 */
export async function previewDown(stack: Stack, lockWait: number): Promise<boolean> {
  const template = readTemplate(stack.project);
  const stacks = await stackNames(stack.project);
  if (!stacks.includes(stack.name)) {
    await requireNothingLeft(stack, placesOf(stack, undefined), stacks);
    return false;
  }
  if (!(await requireOwn(stack, stacks))) requireNoSettings(stack);
  writeSettings(stack, template);
  const state = await findState(stack);
  const places = placesOf(stack, state);
  if (state && resourcesOf(state).length > 0) await destroy(stack, { yes: true, deleteData: false, lockWait });
  await withDeployLock(stack, lockWait, async () => {
    for (const place of places) await removeTraces(place, await tracesOf(place, stacks));
  });
  await requireNothingLeft(stack, places, stacks);
  await pulumi(["stack", "rm", stack.name, "--yes", "--remove-backups"]);
  removeFiles(stack);
  return true;
}

/** @throws Problem that lists what is left. */
async function requireNothingLeft({ name }: Stack, places: Place[], stacks: string[]): Promise<void> {
  const left = await Promise.all(places.map(async (place) => described(place, await tracesOf(place, stacks))));
  const lines = left.flat();
  if (lines.length === 0) return;
  throw new Problem(
    `Something is left of the preview environment ${nameOfStack(name)}:\n${lines.join("\n")}\nRemove it there, or repeat: npx berth preview-env down ${nameOfStack(name)}`,
  );
}

function described({ sshPrefix }: Place, traces: Trace[]): string[] {
  const where = sshPrefix === "" ? "this machine" : "the server";
  return traces.map(({ kind, name }) => `  ${kind} ${name} on ${where}`);
}

/** Files of this machine. The next command of another machine finds none. */
function removeFiles(stack: Stack): void {
  const { name, project } = stack;
  const folder = stateFolder(project);
  const own = [`Pulumi.${name}.yaml`, `${name}.salt`, `${name}.up`, join("releases", name)];
  for (const path of [settingsFile(stack), ...own.map((file) => join(folder, file)), ...stateFolders(stack)]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Folders of a stack in the file backend, which Pulumi empties and leaves. */
function stateFolders(stack: Stack): string[] {
  const path = statePath(stack.project);
  if (path === undefined) return [];
  const kinds = ["history", "backups"].map((kind) => join(path, ".pulumi", kind, stack.project.name, stack.name));
  return [...kinds, ...[lockFolder(stack) ?? []].flat()];
}
