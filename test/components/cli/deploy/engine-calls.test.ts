import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pulumiUp } from "../../../../components/cli/deploy/engine-calls.mts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-calls-"));
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$1 cache: \${BERTH_NO_CACHE:-used}" >>${folder}/calls\n`);
  chmodSync(join(folder, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("only a deployment without the cache tells the program to build its images so", async () => {
  const stack = { name: "prod", project: { name: "shop", folder, backend: "" } };
  await pulumiUp(stack, { settings: "Pulumi.prod.yaml", noCache: true });
  await pulumiUp(stack, { settings: "Pulumi.prod.yaml" });
  expect(readFileSync(join(folder, "calls"), "utf8")).toBe("up cache: true\nup cache: used\n");
});
