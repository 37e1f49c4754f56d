import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { runAttached } from "../../remote/program.mts";
import { readYaml, stateFolder } from "../project/project.mts";
import type { Stack } from "../project/stack.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";
import { type Migration, migrationsSince } from "./migrations.mts";
import { describe, type Release, releasesOf } from "./release.mts";
import { knownSettings, rollbackSettings, settingChanges } from "./rollback-settings.mts";
import { unpackRelease } from "./sources.mts";

interface Choice {
  /** Number of the release. Default: the previous release. */
  to: string | undefined;
  yes: boolean;
}

/**
 * Prepares the project of an earlier release for deployment and returns its folder. Prints the changes and asks for consent.
 * @throws Problem if there is no such release, or without consent. The stack is then unchanged.
 */
export async function prepareRollback(
  stack: Stack,
  place: Place,
  settings: string,
  { to, yes }: Choice,
): Promise<string> {
  const releases = await releasesOf(place);
  const running = releases.find(({ runs }) => runs) ?? releases[0];
  const target = targetRelease(stack.name, releases, running, to);
  const folder = join(stateFolder(stack.project), "releases", stack.name);
  console.log(
    `Rolling back from\n  ${running ? describe(running) : "the running containers"}\nto\n  ${describe(target)}`,
  );
  for (const change of running ? settingChanges(running.settings, target.settings) : [])
    console.log(`Setting ${change}`);
  await unpackRelease(place, target, folder);
  printMigrations(running ? await migrationsBetween(place, running, folder) : []);
  await consent({ yes, question: "Roll back?", without: hint(stack.name, "rollback", ...(to ? [to] : []), "--yes") });
  await completeProject(stack, folder, settings, target);
  return folder;
}

/** @throws Problem that lists the available releases. */
function targetRelease(
  stack: string,
  releases: Release[],
  running: Release | undefined,
  to: string | undefined,
): Release {
  const available = releases.map(({ number }) => number).join(", ") || "none";
  const target =
    to === undefined ? previousRelease(releases, running) : releases.find(({ number }) => String(number) === to);
  if (target) return target;
  const description = to === undefined ? "earlier release to roll back to" : `release ${to}`;
  throw new Problem(`The stack ${stack} has no ${description}. Releases on the server: ${available}`);
}

/** The previous release. After a rollback to release 3, it is release 2. */
function previousRelease(releases: Release[], running: Release | undefined): Release | undefined {
  const current = running?.rollbackTo ?? running?.number ?? 0;
  return releases.find(({ number }) => number < current);
}

async function migrationsBetween(place: Place, from: Release, folder: string): Promise<Migration[]> {
  const newer = `${folder}.from`;
  await unpackRelease(place, { ...from, images: {} }, newer);
  const migrations = migrationsSince(folder, newer);
  rmSync(newer, { recursive: true });
  return migrations;
}

function printMigrations(migrations: Migration[]): void {
  if (migrations.length === 0) return;
  console.log(
    "\nThe database is not rolled back. These migrations stay applied, and the older release must work with them:",
  );
  for (const { file, breakingOperations } of migrations) {
    console.log(
      `  ${file}${breakingOperations.length > 0 ? ` — cannot be undone (${breakingOperations.join(", ")})` : ""}`,
    );
  }
}

const ProjectFile = z.looseObject({ name: z.string(), config: z.record(z.string(), z.unknown()).optional() });
const SettingsFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** Adds settings, origin and npm packages to the unpacked sources. */
async function completeProject(
  { name, project }: Stack,
  folder: string,
  settings: string,
  target: Release,
): Promise<void> {
  const { config, ...rest } = SettingsFile.parse(readYaml(settings) ?? {});
  const { config: declared = {}, ...then } = ProjectFile.parse(readYaml(join(folder, "Pulumi.yaml")));
  const restored = rollbackSettings(config ?? {}, target.settings, { ...then, config: knownSettings(declared) });
  writeFileSync(join(folder, `Pulumi.${name}.yaml`), stringify({ ...rest, config: restored }));
  writeFileSync(join(folder, "release.origin"), originLines(target).join("\n"));
  await providePackages(project.folder, folder);
}

/** Provides the release's npm packages. A project without a lock file uses those of a folder above. */
async function providePackages(now: string, folder: string): Promise<void> {
  const [ours, theirs] = [now, folder].map((at) => textOf(join(at, "package-lock.json")));
  if (theirs === undefined) return;
  if (theirs === ours) {
    symlinkSync(resolve(now, "node_modules"), join(folder, "node_modules"));
    return;
  }
  console.log("Installing the npm packages of that release");
  if ((await runAttached("npm", ["ci", "--no-progress"], { cwd: folder })) !== 0) {
    throw new Problem("The npm packages of that release could not be installed. Nothing was changed.");
  }
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function originLines({ commit, subject, edited, number, images }: Release): string[] {
  return [
    ...(commit === "" ? [] : [`commit=${commit}`, `subject=${subject}`]),
    ...(edited ? ["edited=true"] : []),
    `rollback-to=${number}`,
    ...Object.entries(images).map(([image, reference]) => `image.${image}=${reference}`),
    "",
  ];
}
