import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { collecting } from "../../support/mocks";

const top = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "no-cache-"));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "release.files"), "Dockerfile\n");
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(top);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The image of a stack with these settings, as the program requests it. */
async function imageWith(config: Record<string, string>) {
  const registered = await collecting(config);
  await pulumi.runtime.runInPulumiStack(async () => {
    berth.stack({ settings: {} }, (stack) => {
      new berth.Image("app", { stack, context: "." });
      return {};
    });
    return {};
  });
  const step = await vi.waitFor(() => {
    const found = registered.find(({ name }) => name === "app-built");
    if (!found) throw new Error("no build yet");
    return found;
  });
  const image = await vi.waitFor(() => {
    const found = registered.find(
      ({ type, name }) => type === "docker:index/remoteImage:RemoteImage" && name === "app",
    );
    if (!found) throw new Error("no image yet");
    return found.inputs as { name: string };
  });
  return { tag: image.name, step: step.inputs };
}

test("a build without the cache gets a tag of its own, which later deployments keep", async () => {
  const before = await imageWith({});
  vi.stubEnv("BERTH_NO_CACHE", "true");
  const rebuilt = await imageWith({ imagesVersion: "2" });
  vi.unstubAllEnvs();
  const later = await imageWith({ imagesVersion: "2" });

  expect(rebuilt.tag).not.toBe(before.tag);
  expect(later.tag).toBe(rebuilt.tag);
  // The deployment after it has nothing to do, though it uses the cache.
  expect(later.step).toEqual(rebuilt.step);
});
