import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, listedDigest } from "../../model/image.ts";
import { PROGRAM_IMAGES, type ProgramImages } from "../../model/program-images.ts";
import { currentOf, nameOf, type State } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import type { Routes } from "../../remote/registry/look-up.ts";
import { sharedPrefix } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";

/** Runs Pulumi with the variable by which its program knows what `berth` passes about base images. */
export async function withProgramImages<T>(
  images: ProgramImages,
  run: (variables: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "berth-images-"));
  try {
    const file = join(folder, "images.json");
    writeFileSync(file, JSON.stringify(images), { mode: 0o600 });
    return await run({ [PROGRAM_IMAGES]: file });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** For a deployment: the program looks up images that the lock lacks, and adds them to it. */
export function forDeployment(stack: Stack, state: State | undefined): ProgramImages {
  return { lookUp: { write: true, routes: routesOf(stack) }, byTag: deployedByTag(state) };
}

/** For a plan: like a deployment, but the lock stays as it is. */
export function forPlan(stack: Stack, state: State | undefined): ProgramImages {
  return { lookUp: { write: false, routes: routesOf(stack) }, byTag: deployedByTag(state) };
}

/** The ways to the registries from this machine and from the stack's server, with the ssh command line of its settings. */
export function routesOf(stack: Stack, prefixOf = sharedPrefix): Pick<Routes, "server"> {
  const sshPrefix = prefixOf(readSettings(stack));
  return sshPrefix === undefined ? {} : { server: placeOf(stack, sshPrefix) };
}

/** The images that a stack has pulled by their tags, with the digests that the engine has for them. See `ProgramImages`. */
export function deployedByTag(state: State | undefined): ProgramImages["byTag"] {
  if (state === undefined) return [];
  return currentOf(state, TYPES.image)
    .filter(({ urn, taint }) => !urn.includes("berth:build:Image$") && taint !== true)
    .flatMap(({ urn, inputs, outputs }) => {
      const [reference, listed] = [String(inputs?.["name"] ?? ""), String(outputs?.["repoDigest"] ?? "")];
      const digest = digestOf(listed);
      const isOwn = digest !== undefined && listedDigest(`${reference}@${digest}`) === listed;
      return digestOf(reference) === undefined && isOwn ? [{ name: nameOf(urn), reference, digest }] : [];
    });
}
