import { describe, expect, test } from "vitest";
import { refusalsIn } from "../../../components/cli/plan/refusals.mjs";
import { secretIn } from "../../../components/model/secrets";
import { type Container, containerOf } from "../../../components/policy/container.mjs";
import { Exceptions, violation } from "../../../components/policy/exceptions.mjs";
import { RULES } from "../../../components/policy/rules.mjs";
import { unusedVolumes } from "../../../components/policy/volumes.mjs";

const good: Container = {
  urn: "urn:pulumi:prod::mailtracker::berth:app:WebService$docker:index/container:Container::backend-1",
  image: "mailtracker-prod/backend:0a73c5cf6f84",
  envs: ["SECRET_KEY_FILE=/run/secrets/secret-key"],
  healthcheck: { tests: ["CMD", "/app/healthcheck.sh"] },
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
  memory: 512,
  cpus: "1.0",
  restart: "unless-stopped",
};
const sandbox = good.urn.replace("berth:app:WebService$", "berth:edge:Edge$");
const published = [{ ip: "0.0.0.0", internal: 443, external: 443 }];

/** The policies that the container violates with these differences. */
function broken(differences: Partial<Container>, onServer = true, locked: ReadonlySet<string> = new Set()): string[] {
  const container = { ...good, ...differences };
  return RULES.filter(({ problems }) => problems(container, { onServer, secrets: [], locked }).length > 0).map(
    ({ name }) => name,
  );
}

describe("the policies for containers", () => {
  test("accept a valid one", () => {
    expect(broken({})).toEqual([]);
  });

  test.each<[string, Partial<Container>]>([
    ["port-outside-edge", { ports: published }],
    ["privileged", { privileged: true }],
    ["privileged", { capabilities: { adds: ["CAP_SYS_ADMIN"] } }],
    ["privileged", { networkMode: "host" }],
    ["privileged", { pidMode: "host" }],
    ["privileged", { mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/docker.sock" }] }],
    ["health-check", { healthcheck: { tests: ["NONE"] } }],
    ["limits", { memory: 0 }],
    ["limits", { cpus: "0" }],
    ["log-rotation", { logOpts: { "max-size": "10m" } }],
    ["secret-in-environment", { envs: ["DATABASE_PASSWORD=mailtracker"] }],
    ["image-pinned", { image: "postgres:16-alpine" }],
  ])("%s is violated by %j", (rule, differences) => {
    expect(broken(differences)).toEqual([rule]);
  });

  test.each<[string, Partial<Container>]>([
    ["a port of the loopback address", { ports: [{ ip: "127.0.0.1", internal: 8080, external: 8081 }] }],
    ["the edge's sandbox", { urn: sandbox, ports: published, healthcheck: { tests: ["NONE"] } }],
    ["a job without a health check", { restart: "no", healthcheck: { tests: ["NONE"] } }],
    ["the log driver that rotates by itself", { logDriver: "local", logOpts: {} }],
    ["an image by its digest", { image: `postgres:16@sha256:${"0f".repeat(32)}` }],
  ])("allow %s", (_, differences) => {
    expect(broken(differences)).toEqual([]);
  });

  test("allow the tag of an image in the lock, which a container from before the lock keeps", () => {
    const lock = new Set(["postgres:16-alpine"]);
    expect(broken({ image: "postgres:16-alpine" }, true, lock)).toEqual([]);
    expect(broken({ image: "postgres:17-alpine" }, true, lock)).toEqual(["image-pinned"]);
  });

  test("allow local images on a development machine", () => {
    expect(broken({ image: "postgres:16-alpine" }, false)).toEqual([]);
  });

  test("skip values that are not yet known", () => {
    const unknown = new (class UnknownValueError extends Error {})();
    const props = Object.defineProperty({ memory: 512 }, "envs", {
      get: () => {
        throw unknown;
      },
    });
    expect(containerOf("urn", props)).toMatchObject({ memory: 512, envs: undefined });
  });
});

describe("a secret in an environment", () => {
  test.each([
    ["POSTGRES_PASSWORD=hunter2", "is the name of a secret"],
    ["API_TOKEN=abc", "is the name of a secret"],
    ["CELERY_BROKER=redis://:pa55@redis:6379/0", "address with a password"],
    ["EXTRA=kJ8sPq2mZx7RtY4wLb9V", "looks like a generated secret"],
    ["HINT=id-of-the-office", "holds a secret of the stack"],
  ])("is found in %s", (variable, words) => {
    expect(secretIn(variable, ["id-of-the-office"])).toContain(words);
  });

  test("is not repeated in the message", () => {
    expect(secretIn("API_TOKEN=abcdef")).not.toContain("abcdef");
  });

  test.each([
    "SECRET_KEY_FILE=/run/secrets/secret-key",
    "DATABASE_URL=postgres://mailtracker_app_7703cce9@postgres:5432/mailtracker",
    "RELEASE=0a73c5cf6f84",
    "ALLOWED_HOSTS=mail.example.org,127.0.0.1",
    "ACCESS_TOKEN_LIFETIME_MINUTES=1440",
    "DEBUG=false",
    "CORS_ALLOWED_ORIGINS=",
  ])("is not suspected: %s", (variable) => {
    expect(secretIn(variable, [""])).toBeUndefined();
  });
});

describe("volumes", () => {
  const before = new Map([
    ["mailtracker-prod-pdf_storage", "pdf_storage"],
    ["mailtracker-prod-postgres_data", "postgres_data"],
  ]);

  test("that the program no longer declares are lost", () => {
    expect(unusedVolumes(before, new Set(["mailtracker-prod-pdf_storage"]))).toEqual(["postgres_data"]);
  });

  test("are kept by their name on the server, whatever else changes", () => {
    expect(
      unusedVolumes(before, new Set(["mailtracker-prod-postgres_data", "mailtracker-prod-pdf_storage", "x"])),
    ).toEqual([]);
  });
});

describe("an exception", () => {
  test("applies to one rule and one resource", () => {
    const exceptions = new Exceptions(["privileged:agent"]);
    expect(exceptions.allows("privileged", "agent")).toBe(true);
    expect(exceptions.allows("privileged", "backend-1")).toBe(false);
    expect(exceptions.allows("limits", "agent")).toBe(false);
  });

  test("is spelled out in the refusal", () => {
    expect(violation("limits", "agent", "has no memory limit")).toContain('add "limits:agent" to policyExceptions');
  });
});

test("a plan lists each policy violation of Pulumi's events once", () => {
  const event = (level: string) =>
    JSON.stringify({
      policyEvent: { policyName: "limits", enforcementLevel: level, message: "The rule.\nagent has no limit.\n" },
    });
  expect(
    refusalsIn([event("mandatory"), event("mandatory"), event("advisory"), '{"prelude":{}}', ""].join("\n")),
  ).toEqual(["limits: agent has no limit."]);
});
