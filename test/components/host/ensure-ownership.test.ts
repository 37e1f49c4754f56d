import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";

const SCRIPT = withPreamble(readFileSync("components/host/scripts/ensure-ownership.sh", "utf8"));

/** An engine that prints a list of volumes and has no containers. */
const DOCKER = `#!/bin/sh
case "$*" in
  "volume ls --format "*) cat "$0.volumes" ;;
  "ps "*) ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ownership-"));
  writeFileSync(join(folder, "docker"), DOCKER, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script for shop's stack prod, on an engine with these volumes: names, and the project in their labels. */
function claim(volumes: [string, string][], consent = "") {
  writeFileSync(join(folder, "docker.volumes"), volumes.map(([name, project]) => `${name}|${project}\n`).join(""));
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  return execaSync("sh", ["-c", SCRIPT, "sh", "shop", "prod", consent], { env, reject: false });
}

test("a volume that has a name like the stack's and is not Berth's is refused, with its name and what to do", () => {
  const { exitCode, stderr } = claim([
    ["shop-prod-data", ""],
    ["shop-prod-uploads", "shop"],
    ["cache", ""],
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("  shop-prod-data\nNothing was changed.");
  expect(stderr).toContain("pulumi config set adoptServer prod");
  expect(stderr).not.toContain("uploads");
});

test("such a volume is used with consent", () => {
  expect(claim([["shop-prod-data", ""]], "prod")).toMatchObject({ exitCode: 0, stderr: "" });
});

test("the stack's own volumes of before, and those of others, need no consent", () => {
  const there: [string, string][] = [
    ["shop-prod-data", "shop"],
    ["shop-production-data", ""],
    ["other-shop-prod-data", ""],
  ];
  expect(claim(there)).toMatchObject({ exitCode: 0, stderr: "" });
});
