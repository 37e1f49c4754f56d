import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withoutDockerContext } from "../../../../components/cli/engine/docker-context.mts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "context-"));
  // Like docker, it lets DOCKER_HOST override the context.
  writeFileSync(
    join(folder, "docker"),
    `#!/bin/sh\n[ "$DOCKER_CONTEXT" != absent ] || { echo no context >&2; exit 1; }\necho "\${DOCKER_HOST:-unix:///run/$DOCKER_CONTEXT.sock}"\n`,
  );
  chmodSync(join(folder, "docker"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The variables for Pulumi, without PATH. */
async function variables(given: NodeJS.ProcessEnv) {
  const environment: NodeJS.ProcessEnv = { PATH: `${folder}:${process.env["PATH"]}`, ...given };
  await withoutDockerContext(environment);
  const { PATH: _, ...rest } = environment;
  return rest;
}

describe("F16: DOCKER_CONTEXT", () => {
  test("becomes DOCKER_HOST, which docker and Pulumi's provider read alike", async () => {
    expect(await variables({ DOCKER_CONTEXT: "colima" })).toEqual({ DOCKER_HOST: "unix:///run/colima.sock" });
  });

  test("has no effect beside DOCKER_HOST, as for docker", async () => {
    const given = { DOCKER_CONTEXT: "colima", DOCKER_HOST: "unix:///run/other.sock" };
    expect(await variables(given)).toEqual({ DOCKER_HOST: "unix:///run/other.sock" });
  });

  test("of an absent context is refused, and is ignored on a machine without docker", async () => {
    await expect(variables({ DOCKER_CONTEXT: "absent" })).rejects.toThrow("does not have: no context. Unset it");
    expect(await variables({ DOCKER_CONTEXT: "colima", PATH: "/nonexistent" })).toEqual({});
  });

  test("that is not set leaves the engine to docker's configuration", async () => {
    expect(await variables({})).toEqual({});
  });
});
