import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, describe as group, test } from "vitest";
import { migrationsSince } from "../../../../components/cli/release/migrations.mts";
import { describe, parseReleases } from "../../../../components/cli/release/release.mts";
import {
  knownSettings,
  rollbackSettings,
  settingChanges,
} from "../../../../components/cli/release/rollback-settings.mts";

group("the releases on a server", () => {
  const labels = {
    "berth.commit": "a1b2c3d4e5f6",
    "berth.subject": "Mend the list's paging",
    "berth.edited": "true",
    "berth.images": "backend=shop-prod/backend:1111 nginx=shop-prod/nginx:2222",
    "berth.settings": '{"replicas":"2"}',
  };
  const older = {
    ...labels,
    "berth.edited": "",
    "berth.images": "backend=shop-prod/backend:0000",
    "berth.rollback-to": "1",
  };
  const lines = [
    `release 12 2026-11-21T07:30:00Z ${JSON.stringify(labels)}`,
    `release 11 2026-11-20T07:30:00.123456789Z ${JSON.stringify(older)}`,
    "runs shop-prod/backend:0000",
    "runs postgres:16-alpine",
  ].join("\n");

  test("are read with their release records", () => {
    const [newest] = parseReleases(lines);
    expect(newest).toMatchObject({ number: 12, commit: "a1b2c3d4e5f6", edited: true, settings: { replicas: "2" } });
    expect(newest?.images).toEqual({ backend: "shop-prod/backend:1111", nginx: "shop-prod/nginx:2222" });
  });

  test("identify the running one by the images in use", () => {
    expect(parseReleases(lines).map(({ number, runs }) => [number, runs])).toEqual([
      [12, false],
      [11, true],
    ]);
  });

  test("are described in one line", () => {
    const [newest, before] = parseReleases(lines).map(describe);
    expect(newest).toMatch(
      /^ 12 {2}21 Nov 2026, \d\d:30 {2}a1b2c3d {2}Mend the list's paging \(with uncommitted edits\)$/,
    );
    expect(before).toMatch(/a1b2c3d {2}Mend the list's paging, rolled back to 1$/);
    const [named] = parseReleases(`release 1 2026-11-21T07:30:00Z ${JSON.stringify({ ...labels, "berth.by": "Ada" })}`);
    expect(named && describe(named)).toMatch(/, \d\d:30 {2}Ada {2}a1b2c3d {2}Mend/);
  });

  test("are empty on a new server", () => {
    expect(parseReleases("")).toEqual([]);
  });
});

group("settings that are rolled back", () => {
  const project = { name: "shop", config: { replicas: {}, hosts: {}, serverHost: {}, password: {} } };
  const now = {
    "shop:replicas": 3,
    "shop:hosts": ["new"],
    "shop:serverHost": "10.0.0.5",
    "shop:password": { secure: "v1:abc" },
    "shop:laterSetting": true,
    "pulumi:tags": "x",
  };

  test("take the release's settings, keep secrets, server and foreign ones, and drop those it did not have", () => {
    expect(rollbackSettings(now, { replicas: "2", hosts: '["old"]' }, project)).toEqual({
      "shop:replicas": "2",
      "shop:hosts": ["old"],
      "shop:serverHost": "10.0.0.5",
      "shop:password": { secure: "v1:abc" },
      "pulumi:tags": "x",
    });
  });

  test("keep the server of a project that uses the package's standard settings", () => {
    const config = knownSettings({ pulumi: {} });
    expect(rollbackSettings(now, { drainSeconds: "5" }, { name: "shop", config })).toMatchObject({
      "shop:serverHost": "10.0.0.5",
      "shop:drainSeconds": "5",
    });
    expect(knownSettings(project.config)).toEqual(project.config);
  });

  test("are listed", () => {
    expect(settingChanges({ a: "1", b: "x", c: "same" }, { a: "2", c: "same", d: "y" })).toEqual([
      "a: 1 → 2",
      "b: x → (none)",
      "d: (none) → y",
    ]);
  });
});

test("later migrations are found, including irreversible ones", () => {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const release of ["old", "new"]) write(`${release}/backend/mails/migrations/0001_initial.py`, "CreateModel");
  write("new/backend/mails/migrations/__init__.py", "");
  write("new/backend/mails/migrations/0002_note.py", "operations = [migrations.AddField()]");
  write(
    "new/backend/mails/migrations/0003_less.py",
    "operations = [migrations.RemoveField(), migrations.RemoveField()]",
  );
  write("new/backend/mails/views.py", "RemoveField");
  expect(migrationsSince(join(folder, "old"), join(folder, "new"))).toEqual([
    { file: "backend/mails/migrations/0002_note.py", breakingOperations: [] },
    { file: "backend/mails/migrations/0003_less.py", breakingOperations: ["RemoveField"] },
  ]);
  rmSync(folder, { recursive: true });
});
