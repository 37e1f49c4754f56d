import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { type Asked, collecting, collectOptions } from "../../support/mocks";

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
  let asked: Asked[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    berth.stack({ settings: {} }, (stack) => {
      new berth.Image("app", { stack, context: "." });
      return {};
    });
    return {};
  });
  const isImage = ({ type, name }: { type: string; name: string }) =>
    type === "docker:index/remoteImage:RemoteImage" && name === "app";
  const image = await vi.waitFor(() => {
    const found = registered.find(isImage);
    if (!found) throw new Error("no image yet");
    return found.inputs as { name: string; build: { noCache?: boolean } };
  });
  return { tag: image.name, noCache: image.build.noCache, opts: asked.find(isImage)?.opts };
}

test("a build without the cache gets a tag of its own, which later deployments keep", async () => {
  const before = await imageWith({});
  vi.stubEnv("BERTH_NO_CACHE", "true");
  const rebuilt = await imageWith({ imagesVersion: "2" });
  vi.unstubAllEnvs();
  const later = await imageWith({ imagesVersion: "2" });

  expect([before.noCache, rebuilt.noCache, later.noCache]).toEqual([undefined, true, undefined]);
  expect(rebuilt.tag).not.toBe(before.tag);
  expect(later.tag).toBe(rebuilt.tag);
});

test("the deployment after it does not build again, though it uses the cache", async () => {
  expect((await imageWith({})).opts?.ignoreChanges).toEqual(["build"]);
});
