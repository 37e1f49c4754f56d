import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { upKilledAt } from "../support/interrupted";
import type { Docker } from "../support/office-story";
import { sample } from "../support/sample";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let page: string;

beforeAll(async () => {
  server = await StandInServer.start({ name: "killed" });
  docker = server.docker;
  deployment = await Deployment.create("killed", {
    ...server.settings,
    gunicornWorkers: 1,
    drainSeconds: 2,
    keepReleases: 2,
  });
  await deployment.make("up");
  // From the second release on, there is always a previous one.
  release(0);
  await deployment.make("up");
  page = `${(await deployment.outputs()).url}/api/health/`;
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

const HALF_AN_HOUR = 1_800_000;

/**
 * The steps that leave a build under way, requests during a switch, and an old container still running. `make test`
 * kills at these only.
 */
const CRITICAL = /(Command backend-built creating|Container nginx creating|Container backend-1 deleting)$/;

test(
  "an `up` killed at any step of a release is completed by the next one, without downtime",
  async () => {
    release(1);
    const steps = await upKilledAt(deployment);
    const calm = await inventory();
    const killed: string[] = [];
    const chosen = [...new Set([...sample(steps, 0), ...steps.filter((step) => CRITICAL.test(step))])];
    for (const [index, step] of chosen.entries()) {
      const visits = await whileVisiting(page, async () => {
        release(2 + index);
        if ((await upKilledAt(deployment, step)).includes(step)) killed.push(step);
        await deployment.make("up");
      });
      expect(visits.failures, `killed at ${step}`).toEqual([]);
      expect(await inventory(), `killed at ${step}`).toEqual(calm);
      expect(await containersInState(), `killed at ${step}`).toEqual(await containersOnServer());
    }
    // A kill may truncate a file that Pulumi does not write atomically.
    const beside = readdirSync(dirname(deployment.stateFile));
    expect(beside.filter((name) => name.endsWith(".attrs"))).toEqual([]);
    await deployment.preview("--expect-no-changes");
    expect(killed).toEqual(chosen);
    expect(chosen.filter((step) => CRITICAL.test(step))).toHaveLength(3);
    expect(steps.length).toBeGreaterThanOrEqual(15);
  },
  HALF_AN_HOUR,
);

function release(number: number) {
  deployment.edit(
    "backend/operations/health.py",
    (text) => `${text.replace(/\n# Release .*\n$/, "\n")}# Release ${number}.\n`,
  );
}

/** The server's resources, without anything that differs between releases. Only this test uses this server. */
async function inventory() {
  const listed = async (...words: string[]) => (await docker(...words)).split("\n").sort();
  return {
    containers: (await listed("ps", "--all", "--format", "{{.Names}} {{.Status}}")).map((line) =>
      line.replace(/-[0-9a-f]{6} /, " ").replace(/ (Up|Exited \(0\)) .*/, " $1"),
    ),
    networks: await listed("network", "ls", "--format", "{{.Name}}"),
    volumes: (await listed("volume", "ls", "--format", "{{.Name}}")).map((name) =>
      name.replace(/^[0-9a-f]{64}$/, "nameless"),
    ),
    images: await listed("image", "ls", "--all", "--format", "{{.Repository}}"),
  };
}

async function containersOnServer(): Promise<string[]> {
  return (await docker("ps", "--all", "--quiet", "--no-trunc")).split("\n").sort();
}

async function containersInState(): Promise<string[]> {
  const { checkpoint } = JSON.parse(deployment.state()) as { checkpoint: { latest: { resources: Known[] } } };
  return checkpoint.latest.resources
    .filter(({ type }) => type === "docker:index/container:Container")
    .map(({ id }) => id)
    .sort();
}

interface Known {
  type: string;
  id: string;
}
