import { describe, expect, test } from "vitest";
import { inspected, isAsExpected, nameOf } from "../../../components/model/inspected";

/** The least that Docker prints of a container: what is empty is left out, or null. */
const LEAST = {
  Id: "c1",
  Name: "/shop-prod-web-1",
  Image: "sha256:a1",
  State: { Status: "created" },
  Config: { Image: "shop/web:1", Env: null, Cmd: null, Entrypoint: null, Labels: null },
  HostConfig: { RestartPolicy: { Name: "no" }, PidsLimit: null, CapAdd: null, PortBindings: null },
  Mounts: [],
  NetworkSettings: { Networks: null },
};

describe("the output of docker inspect", () => {
  test("has Docker's empty values where it leaves out a field", () => {
    const { State, RestartCount, Config, HostConfig } = inspected.container(JSON.stringify(LEAST));
    expect(RestartCount).toBe(0);
    expect(State).toEqual({ Status: "created", ExitCode: 0, OOMKilled: false, StartedAt: "", FinishedAt: "" });
    expect(Config).toMatchObject({ User: "", Env: null });
    expect(HostConfig).toMatchObject({ Memory: 0, Privileged: false, LogConfig: { Type: "" } });
  });

  test("is refused when it describes no container", () => {
    const { Id: _, ...unnamed } = LEAST;
    expect(() => inspected.container(JSON.stringify(unnamed))).toThrow(/Id/);
    expect(() => inspected.container("")).toThrow(SyntaxError);
  });

  test("is read of images, networks and volumes too", () => {
    const labels = { "berth.stack": "prod" };
    expect(
      inspected.image('{"Id":"sha256:a1","RepoTags":[],"RepoDigests":null,"Config":{"User":"10001"}}'),
    ).toMatchObject({
      Config: { User: "10001" },
    });
    expect(
      inspected.network(JSON.stringify({ Id: "d2", Name: "front", Driver: "bridge", Internal: true, Labels: labels })),
    ).toMatchObject({ Internal: true, Labels: labels });
    expect(inspected.volume('{"Name":"data","Driver":"local","Labels":null}')).toEqual({
      Name: "data",
      Driver: "local",
      Labels: null,
    });
  });
});

test("a container's name has no leading slash", () => {
  expect(nameOf(LEAST)).toBe("shop-prod-web-1");
});

test.each([
  ["unless-stopped", "running", 0, true],
  ["unless-stopped", "restarting", 1, true],
  ["unless-stopped", "exited", 0, false],
  ["unless-stopped", "paused", 0, false],
  ["no", "exited", 0, true],
  ["no", "exited", 1, false],
  ["no", "running", 0, true],
  ["no", "created", 0, false],
])(
  "a container with the restart policy %s that is %s with exit code %i is as expected: %s",
  (policy, status, code, expected) => {
    const State = { Status: status, ExitCode: code };
    const one = { ...LEAST, State, HostConfig: { RestartPolicy: { Name: policy } } };
    expect(isAsExpected(inspected.container(JSON.stringify(one)))).toBe(expected);
  },
);
