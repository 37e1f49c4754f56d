import { describe, expect, test } from "vitest";
import { revertedRelease } from "../../../../components/cli/deploy/failed-release.mts";
import { type Resource, resourcesOf, type State } from "../../../../components/model/state";
import { TYPES } from "../../../../components/model/types";

const CONTAINER = TYPES.container;

function state(...resources: Resource[]): State {
  return { version: 3, deployment: { resources } };
}

function resource(name: string, more: Partial<Resource> = {}): Resource {
  return {
    urn: `urn:pulumi:prod::mailtracker::${more.type ?? CONTAINER}::${name}`,
    type: CONTAINER,
    id: name,
    ...more,
  };
}

const urn = (name: string) => resource(name).urn;
const old = (name: string, id: string, more: Partial<Resource> = {}) => resource(name, { id, delete: true, ...more });

describe("a release that failed half-way", () => {
  const failed = state(
    resource("postgres"),
    resource("backend-1", { id: "new-1", dependencies: [urn("postgres")], inputs: { destroyGraceSeconds: 60 } }),
    resource("backend-2", { id: "new-2" }),
    resource("nginx", { id: "nginx", dependencies: [urn("backend-1")] }),
    old("backend-2", "old-2"),
    old("backend-1", "old-1", { dependencies: [urn("postgres")] }),
  );

  test("is rolled back to the containers it was about to replace", () => {
    const back = revertedRelease(failed);
    const ids = resourcesOf(back?.state as State).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(["nginx", "old-1", "old-2", "postgres"]);
    expect(resourcesOf(back?.state as State).some((one) => "delete" in one)).toBe(false);
    expect(back?.replaced).toEqual(["old-2", "old-1"]);
  });

  test("stops its containers with their stop timeouts, newest first", () => {
    expect(revertedRelease(failed)?.created).toEqual([
      { id: "new-2", grace: 10 },
      { id: "new-1", grace: 60 },
    ]);
  });

  test("removes containers after those that depend on them", () => {
    const ids = resourcesOf(revertedRelease(failed)?.state as State).map(({ id }) => id);
    expect(ids.indexOf("nginx")).toBeGreaterThan(ids.indexOf("old-1"));
    expect(ids.indexOf("old-1")).toBeGreaterThan(ids.indexOf("postgres"));
  });

  test("is left unchanged when it was not about to replace anything", () => {
    expect(revertedRelease(state(resource("postgres"), resource("backend-1")))).toBeUndefined();
    expect(revertedRelease({ version: 3, deployment: {} })).toBeUndefined();
  });

  test("is left unchanged when it was deployed to another server", () => {
    const type = "pulumi:providers:docker";
    const moved = [resource("server", { type, id: "b" }), old("server", "a", { type })];
    expect(
      revertedRelease(state(...moved, resource("backend-1", { id: "new" }), old("backend-1", "old"))),
    ).toBeUndefined();
  });
});

test.each([
  ["a service of the Swarm", resource("web", { type: TYPES.service, id: "new" })],
  [
    "a container on another server",
    resource("web", { id: "new", provider: "urn$pulumi:providers:docker::server-beta::1" }),
  ],
])("a failed release that has created %s is left to the next one", (_, created) => {
  const servers = ["server", "server-beta"].map((name) =>
    resource(name, { type: TYPES.server, outputs: { reach: `ssh ${name}` } }),
  );
  const replaced = { ...created, id: "old", delete: true };
  const nginx = [resource("nginx", { id: "n2" }), old("nginx", "n1")];
  expect(revertedRelease(state(...servers, ...nginx, created, replaced))).toBeUndefined();
});
