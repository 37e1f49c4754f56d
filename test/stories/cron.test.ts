import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let project: SmallProject;

/** A job every minute, and one that only runs by hand and takes 40 s longer; both print their release. */
const JOBS = `
  const job = { networks: [front], image, user: "1000:1000" };
  new berth.Cron("minutely", { ...job, schedule: "* * * * *", command: ["node", "job.mjs", "0"] });
  new berth.Cron("report", { ...job, schedule: "0 0 1 1 *", command: ["node", "job.mjs", "0", "40"], onRelease: "leave" });
  return { url: edge.url };`;
const JOB = `console.log("release 1 begins");
if (process.argv[2] === "fails") process.exit(3);
await new Promise((resolve) => setTimeout(resolve, (Number(process.argv[2]) + Number(process.argv[3] ?? 0)) * 1000));
console.log("release 1 ends");
`;

beforeAll(async () => {
  server = await StandInServer.start({ name: "cron" });
  project = new SmallProject(server.settings);
  project.write("app/job.mjs", JOB);
  project.edit("index.ts", (text) =>
    text
      .replace(
        "  const app = new",
        '  const image = new berth.Image("app", { stack, context: "./app" });\n  const app = new',
      )
      .replace('image: new berth.Image("app", { stack, context: "./app" })', "image")
      .replace("\n  return { url: edge.url };", JOBS),
  );
  await up();
});

afterAll(async () => {
  await server.stop();
  project.remove();
});

async function up(): Promise<string> {
  const { failed, output } = await project.berth("up");
  expect(failed, output).toBe(false);
  return output;
}

/** Another release, whose jobs take so many seconds. */
async function release(number: number, seconds: number | "fails"): Promise<string> {
  project.edit("app/job.mjs", (text) => text.replaceAll(/release \d+/g, `release ${number}`));
  project.edit("index.ts", (text) => text.replaceAll(/"job.mjs", "\w+"/g, `"job.mjs", "${seconds}"`));
  return up();
}

interface Listed {
  name: string;
  next: string;
  running: { began: string; kind: string }[];
  last: { began: string; kind: string; ending: string; code: number } | null;
}

async function job(name: string): Promise<Listed> {
  const { output, failed } = await project.berth("cron", "--json");
  expect(failed, output).toBe(false);
  const found = (JSON.parse(output) as Listed[]).find((one) => one.name === name);
  if (!found) throw new Error(`no job ${name} in ${output}`);
  return found;
}

const logs = async (name: string) => (await project.berth("logs", name, "--lines", "1000")).output;
const containers = async (name: string) =>
  (await server.docker("ps", "--all", "--quiet", "--filter", `label=berth.service=${name}`))
    .split("\n")
    .filter(Boolean);
/** The minutes at which runs began, by the logs that the server still has. */
const minutes = (log: string) =>
  [...log.matchAll(/(\S+T\S+)Z .*release \d+ begins/g)].map(([, time = ""]) => time.slice(0, 16));

describe("a scheduled job", () => {
  test("runs at its time as the image's user, with its output in the log and its result in the list", async () => {
    await eventually(90, async () => expect((await job("minutely")).last).toMatchObject({ ending: "succeeded" }));
    expect(await logs("minutely")).toContain("release 1 ends");
    expect(new Date((await job("minutely")).next).getUTCSeconds()).toBe(0);
    expect((await project.berth("status")).failed).toBe(false);
    expect((await project.berth("drift")).output).toContain("The stack test is as it was deployed.");
  });

  test("runs by hand, and its exit code is the command's", async () => {
    const { output, exitCode } = await project.berth("cron", "run", "report");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("release 1 ends");
    expect((await job("report")).last).toMatchObject({ kind: "manual", ending: "succeeded" });
    expect((await project.berth("audit")).output).toContain("cron run");
    expect((await project.berth("cron", "run", "none")).output).toContain("Scheduled jobs: minutely report");
  });

  test("runs once a minute over a release, which visitors do not notice", async () => {
    const visits = await whileVisiting(`http://${server.address}/`, () => release(2, 5));
    expect(visits.failures).toEqual([]);
    await eventually(90, async () => expect(await logs("minutely")).toContain("release 2 ends"));
    const began = minutes(await logs("minutely"));
    expect(new Set(began).size).toBe(began.length);
    expect(await containers("minutely")).toHaveLength(1);
  });

  test("is waited for by a release, or left running until the next one, as its argument says", async () => {
    await release(3, 45);
    await eventually(90, async () => expect((await job("minutely")).running).toHaveLength(1));
    const byHand = project.berth("cron", "run", "report");
    await eventually(30, async () => expect((await job("report")).running).toHaveLength(1));
    await release(4, 1);
    expect((await job("report")).running).toHaveLength(1);
    expect((await job("minutely")).running).toEqual([]);
    expect((await byHand).exitCode).toBe(0);
    expect(await logs("report")).toContain("release 3 ends");
    expect((await project.berth("status")).output).not.toContain("not known to Pulumi");
    await release(5, 2);
    expect(await containers("report")).toHaveLength(1);
  });

  test("that fails is a problem of the stack until a run succeeds", { tags: "extended" }, async () => {
    await release(6, "fails");
    await eventually(150, async () => {
      const { output, exitCode } = await project.berth("status");
      expect(exitCode).toBe(1);
      expect(output).toMatch(/minutely-\w+ is unhealthy: "The last run failed with exit code 3/);
    });
    await release(7, 0);
    await eventually(150, async () => expect((await project.berth("status")).exitCode).toBe(0));
  });

  test("runs again after a reboot and after a power failure, and makes up what it missed once", {
    tags: "extended",
  }, async () => {
    await server.reboot();
    await eventually(90, async () => expect((await job("minutely")).last?.kind).toMatch(/scheduled|made-up/));
    await server.docker("stop", "--time", "60", ...(await containers("minutely")));
    await sleep(130_000);
    // Early in a minute, so that the next run on time is far.
    await sleep((65_000 - (Date.now() % 60_000)) % 60_000);
    const before = minutes(await logs("minutely")).length;
    await server.docker("start", ...(await containers("minutely")));
    await sleep(20_000);
    expect(minutes(await logs("minutely"))).toHaveLength(before + 1);
    await server.cutPower();
    await eventually(120, async () => expect((await job("minutely")).last).toMatchObject({ ending: "succeeded" }));
  });

  test("is removed with the stack, and its results too", async () => {
    const { failed, output } = await project.berth("down", "--yes");
    expect(failed, output).toBe(false);
    expect(await containers("minutely")).toEqual([]);
    expect(await server.docker("volume", "ls", "--quiet")).not.toContain("-journal");
  });
});
