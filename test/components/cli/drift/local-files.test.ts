import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Header } from "tar";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { localFiles } from "../../../../components/cli/drift/local-files.mts";
import { observedFrom } from "../../../../components/cli/drift/observed.mts";

let bin: string;

// A stand-in for `docker cp <container>:<folder> -`.
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "berth-docker-"));
  writeFileSync(join(bin, "docker"), `#!/bin/sh\n[ "$2" = c1:/run/secrets ] || exit 1\ncat ${bin}/archive\n`);
  chmodSync(join(bin, "docker"), 0o755);
  vi.stubEnv("PATH", `${bin}${delimiter}${process.env["PATH"]}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true });
});

function archive(files: Record<string, string>): void {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const header = new Header({ path, mode: 0o400, uid: 999, gid: 998, size: content.length, type: "File" });
    header.encode();
    return [header.block ?? Buffer.alloc(0), Buffer.from(content.padEnd(512, "\0"))];
  });
  writeFileSync(join(bin, "archive"), Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

test("files are read with hash, mode and owner, and only those that were deployed", async () => {
  archive({ "secrets/key": "one", "secrets/other": "two" });
  const { files } = observedFrom(await localFiles("network front\nfiles c1 /run/secrets key missing\nengine\n"));
  const sha256 = createHash("sha256").update("one").digest("hex");
  expect(files).toEqual({ c1: { "/run/secrets/key": { sha256, mode: "400", owner: "999:998" } } });
});

test("a container or folder that does not exist has no files", async () => {
  archive({});
  expect(await localFiles("files c2 /run/secrets key\n")).toBe("");
});

test("without a question for files, Docker is not started", async () => {
  expect(await localFiles("network front\n")).toBe("");
});
