import { expect, test } from "vitest";
import { baseImageReasons, digestReason } from "../../../../components/cli/plan/base-images.mts";
import { linesOf } from "../../../../components/cli/plan/lines.mts";
import type { Step } from "../../../../components/cli/plan/steps.mts";
import { asText } from "../../../../components/cli/plan/terminal.mts";

const [OLD, NEW] = [`sha256:${"0a".repeat(32)}`, `sha256:${"1b".repeat(32)}`] as const;
const STACK = "urn:pulumi:prod::shop::";

/** The steps that replace a resource. */
function replaced(urn: string, type: string, before: object, after: object): Step[] {
  const state = (inputs: object) => ({ type, inputs: { ...inputs }, retainOnDelete: false });
  const [oldState, newState] = [state(before), state(after)];
  return [
    { op: "create-replacement", urn, oldState, newState },
    { op: "replace", urn, oldState, newState },
    { op: "delete-replaced", urn, oldState },
  ];
}

const RECORD = `${STACK}berth:release:Release$command:local:Command::release-recorded`;
const record = (before: string[], after: string[]) =>
  replaced(RECORD, "command:local:Command", { triggers: ["a", ...before] }, { triggers: ["b", ...after] });
const BACKEND = `${STACK}berth:build:Image$docker:index/remoteImage:RemoteImage::backend`;
const BUILT = `${STACK}berth:build:Image$command:local:Command::backend-built`;
const backend = (after: string): Step[] => {
  const step = (stdin: string) => ({ type: "command:local:Command", inputs: { stdin }, retainOnDelete: false });
  return [
    { op: "update", urn: BUILT, oldState: step("before"), newState: step("after") },
    ...replaced(
      BACKEND,
      "docker:index/remoteImage:RemoteImage",
      { name: "shop-prod/backend:0a73c5cf6f84" },
      { name: `shop-prod/backend:${after}` },
    ).map(({ newState, ...rest }) => (newState ? { ...rest, newState: { ...newState, dependencies: [BUILT] } } : rest)),
  ];
};

test("a built image names its base images with another digest", () => {
  const steps = [
    ...backend("2d2422edbcb9"),
    ...record(
      [`backend python:3.11-slim@${OLD}`, `web nginx:alpine@${OLD}`],
      [`backend python:3.11-slim@${NEW}`, `web nginx:alpine@${OLD}`],
    ),
  ];
  expect(asText("prod", linesOf(steps))).toContain(
    "no downtime  image backend: built; 0a73c5cf6f84 → 2d2422edbcb9; base image python:3.11-slim is newer: 0a0a0a0a0a0a → 1b1b1b1b1b1b\n",
  );
});

test.each<[string, string[], string[]]>([
  ["another tag", [`backend python:3.11-slim@${OLD}`], [`backend python:3.12-slim@${NEW}`]],
  ["the same digest", [`backend python:3.11-slim@${OLD}`], [`backend python:3.11-slim@${OLD}`]],
  ["a first lock", ["backend python:3.11-slim"], [`backend python:3.11-slim@${NEW}`]],
  ["a new digest of another image", [`web python:3.11-slim@${OLD}`], [`web python:3.11-slim@${NEW}`]],
])("%s is no newer base image", (_, before, after) => {
  expect(baseImageReasons(BACKEND, [...backend("2d2422edbcb9"), ...record(before, after)])).toEqual([]);
});

test("a pulled image and its container say that the image is newer, first of all reasons", () => {
  const postgres = "postgres:16-alpine";
  const steps = [
    ...replaced(
      `${STACK}berth:data:Postgres$docker:index/remoteImage:RemoteImage::postgres`,
      "docker:index/remoteImage:RemoteImage",
      { name: `${postgres}@${OLD}` },
      { name: `${postgres}@${NEW}` },
    ),
    ...replaced(
      `${STACK}berth:data:Postgres$docker:index/container:Container::postgres`,
      "docker:index/container:Container",
      { image: `${postgres}@${OLD}`, memory: 512, labels: [] },
      { image: `${postgres}@${NEW}`, memory: 1024, labels: [] },
    ),
  ];
  const newer = "base image postgres:16-alpine is newer: 0a0a0a0a0a0a → 1b1b1b1b1b1b";
  const text = asText("prod", linesOf(steps));
  expect(text).toContain(`image postgres: pulled; ${newer}\n`);
  expect(text).toContain(`postgres: replaced, new before old; ${newer}; memory 512 → 1024 MiB\n`);
});

test.each([
  ["postgres:16", `postgres:16@${NEW}`, "base image postgres:16 is pinned to 1b1b1b1b1b1b"],
  [`postgres:16@${OLD}`, "postgres:16", "base image postgres:16 has no digest any more"],
  ["postgres:16", "postgres:17", undefined],
  [`postgres:16@${OLD}`, `postgres:17@${NEW}`, undefined],
  [undefined, "postgres:16", undefined],
])("the change from %s to %s has the reason: %s", (before, after, reason) => {
  expect(digestReason(before, after)).toBe(reason);
});
