#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Makes the project of an earlier release ready to be deployed again: rollback.mts <stack> <its configuration> <folder> [number].
// Says what changes, and asks where the data may not fit. deploy.sh then deploys what stands in the folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { agreed, askable } from "./ask.mts";
import { type Migration, migrationsSince } from "./migrations.mts";
import { describe, type Release, releasesOf } from "./release.mts";
import { rolledBack, settingChanges } from "./rollback-settings.mts";
import { onServer } from "./server.mts";
import { type DeployedStack, deployedStack, fail } from "./stack.mts";

const [name = "", configFile = "", folder = "", to = ""] = process.argv.slice(2);
const stack = await deployedStack(name);
const releases = await releasesOf(stack);
const running = releases.find(({ runs }) => runs) ?? releases[0];
const target = chosen();
console.log(`Going back from\n  ${running ? describe(running) : "what runs"}\nto\n  ${describe(target)}`);
for (const change of running ? settingChanges(running.settings, target.settings) : []) console.log(`Setting ${change}`);
await unpack(stack, target, folder);
await confirmed(running ? await migrationsBetween(running) : []);
makeReady();

function chosen(): Release {
  const kept = releases.map(({ number }) => number).join(", ");
  if (to !== "") {
    return (
      releases.find(({ number }) => String(number) === to) ??
      fail(`There is no release ${to} of ${name}. Kept are: ${kept}`)
    );
  }
  // After a rollback, the release before is the one before that.
  const from = running?.rollbackTo ?? running?.number ?? 0;
  const before = releases.find(({ number }) => number < from);
  return before ?? fail(`There is no earlier release of ${name} to go back to. Kept are: ${kept || "none"}`);
}

async function unpack({ reach }: DeployedStack, { number, images }: Release, into: string) {
  const words = [String(number), ...Object.values(images)];
  const archive = await onServer(reach, name, "unpack.sh", { words }).catch(() => "");
  if (archive === "") fail(`Release ${number} cannot be gone back to. Nothing was changed.`);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const { status } = spawnSync("tar", ["--extract", "--strip-components=1", "--directory", into], {
    input: Buffer.from(archive, "base64"),
    stdio: ["pipe", "ignore", "inherit"],
  });
  if (status !== 0) fail(`Release ${number} cannot be unpacked. Nothing was changed.`);
}

async function migrationsBetween(from: Release): Promise<Migration[]> {
  const newer = `${folder}.from`;
  await unpack(stack, { ...from, images: {} }, newer);
  const migrations = migrationsSince(folder, newer);
  rmSync(newer, { recursive: true });
  return migrations;
}

async function confirmed(migrations: Migration[]) {
  if (migrations.length === 0) return;
  console.log(
    "\nThe database is not taken back. These changes to it stay, and the older version has to live with them:",
  );
  for (const { file, takesAway } of migrations) {
    console.log(`  ${file}${takesAway.length > 0 ? ` — cannot be undone (${takesAway.join(", ")})` : ""}`);
  }
  if (process.env["YES"]) return;
  if (!askable) fail("\nNothing was changed. To go back all the same: make rollback YES=1");
  if (!(await agreed("Go back all the same?"))) fail("Nothing was changed.");
}

/** What the unpacked sources need beside them: packages, configuration, and where they are from. */
function makeReady() {
  const lock = join(folder, "package-lock.json");
  const same = existsSync(lock) && readFileSync("package-lock.json", "utf8") === readFileSync(lock, "utf8");
  if (same) symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
  const config = parse(readFileSync(configFile, "utf8"));
  const settings = rolledBack(config.config ?? {}, target.settings, project);
  writeFileSync(join(folder, `Pulumi.${name}.yaml`), stringify({ ...config, config: settings }));
  writeFileSync(join(folder, "release.origin"), originLines().join("\n"));
}

function originLines(): string[] {
  const { commit, subject, edited, number, images } = target;
  return [
    ...(commit === "" ? [] : [`commit=${commit}`, `subject=${subject}`]),
    ...(edited ? ["edited=true"] : []),
    `rollback-to=${number}`,
    ...Object.entries(images).map(([image, reference]) => `image.${image}=${reference}`),
    "",
  ];
}
