import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker, until } from "../servers/docker";
import { S3TestServer } from "../servers/s3";
import { StandInServer } from "../servers/server";
import { testLabel } from "../servers/stale-containers";
import { CiJob, keyText, repository } from "../support/ci-job";
import { eventually } from "../support/eventually";
import { freePort } from "../support/ports";

let server: StandInServer;
let storage: S3TestServer;
let database: string;
let backends: Record<string, Record<string, string>>;

beforeAll(async () => {
  [server, storage] = await Promise.all([StandInServer.start({ name: "ci", bare: true }), S3TestServer.start()]);
  const port = await freePort();
  const password = randomBytes(8).toString("hex");
  database = `berth-test-state-${randomBytes(4).toString("hex")}`;
  const options = ["--publish", `127.0.0.1:${port}:5432`, "--env", `POSTGRES_PASSWORD=${password}`];
  await docker("run", "--detach", "--name", database, ...testLabel, ...options, "postgres:16-alpine");
  await until("PostgreSQL", 60, () => docker("exec", database, "pg_isready", "--host", "127.0.0.1"));
  const { host } = new URL(storage.endpoint);
  backends = {
    S3: {
      PULUMI_BACKEND_URL: `s3://${storage.bucket}?endpoint=${host}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1`,
      AWS_ACCESS_KEY_ID: storage.accessKeyId,
      AWS_SECRET_ACCESS_KEY: storage.secretAccessKey,
    },
    PostgreSQL: { PULUMI_BACKEND_URL: `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable` },
  };
});

afterAll(async () => {
  await docker("rm", "--force", "--volumes", database);
  await storage.stop();
  await server.stop();
});

// Each deploys to the same server, so one takes its stack down before the other begins.
describe.each(["S3", "PostgreSQL"])("a team with the state in %s", (kind) => {
  let origin: Awaited<ReturnType<typeof repository>>;
  let [first, second]: CiJob[] = [];
  const job = (host: string) =>
    CiJob.start(origin.folder, host, {
      ...backends[kind],
      PULUMI_CONFIG_PASSPHRASE: "of the team",
      BERTH_SSH_KEY: keyText(server.keyFile),
      GITHUB_ACTOR: host,
    });
  const both = () => [first, second] as [CiJob, CiJob];

  beforeAll(async () => {
    origin = await repository(server.settings);
    first = await job("runner-1");
  });
  afterAll(async () => {
    await first?.berth("down", "--yes");
    for (const one of [first, second]) one?.remove();
    origin.remove();
  });

  test("deploys from a job without a terminal, a home and known hosts, with its key in a variable", async () => {
    const [one] = both();
    const { all, exitCode } = await one.berth("up");
    expect([exitCode, all]).toEqual([0, expect.stringContaining("The stack test runs")]);
    expect((await one.berth("releases")).all).toMatch(/^\* +\d+ .* runner-1 {2}[0-9a-f]{7} {2}Begin/m);
    expect((await one.berth("audit")).all).toMatch(/runner-1 +root@\S+ +release +release \d+/);
    expect(all).toMatch(/Added to berth\.lock: .*Commit it\./);
    await origin.commit("berth.lock", one.clone);
  });

  test("sees the same state from another machine", async () => {
    second = await job("runner-2");
    const { all, exitCode } = await second.berth("plan");
    expect([exitCode, all]).toEqual([0, expect.stringContaining("Nothing to do")]);
  });

  test("is told who deploys on another machine, or waits; the lock of a killed job does not stay", async () => {
    const [one, other] = both();
    // Its release waits for the application, which starts after a minute.
    const app = join(one.clone, "app/server.mjs");
    const minute = "await new Promise((resolve) => setTimeout(resolve, 60_000));\n";
    writeFileSync(app, readFileSync(app, "utf8").replace("server.listen", `${minute}server.listen`));
    const running = one.berth("up");
    await eventually(60, async () => {
      const held = await server.exec("cat /var/lib/berth/*/deploy.json");
      expect(held).toContain('"by":"runner-1"');
      expect(held).toMatch(/"pids":\[\d/);
    });
    const refused = await other.berth("up");
    expect([refused.exitCode, refused.all]).toEqual([
      75,
      expect.stringMatching(/Another deployment of the stack test is running: runner-1 on runner-1, since/),
    ]);
    const waiting = other.berth("up", "--lock-wait", "5m");
    let said = "";
    waiting.all?.on("data", (text) => {
      said += text;
    });
    await eventually(60, async () => expect(said).toContain("Waiting for it …"));
    process.kill(-(running.pid ?? 0), "SIGKILL");
    await running;
    const { all, exitCode } = await waiting;
    expect(exitCode).toBe(0);
    expect(all).toContain("The last deployment of the stack test was killed: runner-1 on runner-1");
    expect(all).toContain("Berth removed its lock.");
  });
});
