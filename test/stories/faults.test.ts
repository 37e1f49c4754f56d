import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { DelayProxy } from "../support/delay-proxy";
import { Deployment } from "../support/deployment";
import { containersOf, type Docker, expectKept, type OfficeDay, officeDay } from "../support/office-story";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let way: DelayProxy;
let deployment: Deployment;
let docker: Docker;
let day: OfficeDay;
let page: string;
let settings: Record<string, unknown>;

beforeAll(async () => {
  server = await StandInServer.start({ name: "faults", diskMb: 4000 });
  way = await DelayProxy.start(server);
  docker = server.docker;
  settings = {
    ...server.settings,
    siteName: server.address,
    serverHost: "127.0.0.1",
    serverPort: way.port,
    drainSeconds: 2,
  };
  deployment = await Deployment.create("faults", settings);
  await deployment.make("up");
  day = await officeDay(deployment, docker);
  page = `${(await deployment.outputs()).url}/api/health/`;
  // Too large to be recorded with each release.
  deployment.edit("release.files", (text) => `${text}!backend/payload.bin\n`);
  deployment.edit("backend/Dockerfile", (text) =>
    text.replace("COPY manage.py", "COPY payload.bin ./\nCOPY manage.py"),
  );
});

afterAll(async () => {
  way?.stop();
  await server?.stop();
  deployment?.remove();
});

const everything = async () => (await containersOf(deployment, docker)).sort();

test("60 concurrent SSH calls succeed without an open connection", { tags: "extended" }, async () => {
  const calls = `\n  for (let call = 0; call < 60; call++) stack.server.run(\`call-\${call}\`, { script: "sleep 1; echo $1", args: [String(call)] }, {});\n`;
  deployment.edit("index.ts", (text) => text.replace("\n  return {", () => `${calls}\n  return {`));
  deployment.write("backend/payload.bin", "small");
  await server.exec("pkill --full '^sshd: root@' || true");
  // With latency, all sixty sign in at the same time.
  way.roundTrip = 300;
  await deployment.up("--parallel", "60");
  way.roundTrip = 0;
  deployment.edit("index.ts", (text) => text.replace(calls, ""));
  await deployment.up("--parallel", "60");
});

test("a full disk stops a release before the switch", { tags: "extended" }, async () => {
  const before = await everything();
  deployment.write("backend/payload.bin", randomBytes(100_000_000));
  await server.exec(
    "fallocate -l $(($(df --output=avail -B1 /var/lib/docker | tail -n 1) - 30000000)) /var/lib/docker/full",
  );
  const visits = await whileVisiting(page, async () => {
    const { failed, output } = await deployment.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toMatch(/Only \d+ MiB are free on the disk Docker uses/);
  });
  expect(visits.failures).toEqual([]);
  expect(await everything()).toEqual(before);
  await server.exec("rm /var/lib/docker/full");
  await deployment.make("up");
  await expectKept(deployment, day);
});

test("an SSH connection lost during a transfer fails the release cleanly, and the next one succeeds", async () => {
  const before = await everything();
  deployment.write("backend/payload.bin", randomBytes(100_000_000));
  const visits = await whileVisiting(page, async () => {
    const up = deployment.tryMake("up");
    await server.exec(
      "received() { cat /sys/class/net/eth0/statistics/rx_bytes; }; before=$(received); until [ $(($(received) - before)) -gt 20000000 ]; do sleep 0.05; done",
    );
    await server.exec("pkill -KILL -f '^sshd: root@'");
    const { failed, output } = await up;
    expect(failed).toBe(true);
    expect(output).toContain("The connection to the server broke during the release. Deploy again.");
  });
  expect(visits.failures).toEqual([]);
  expect(await everything()).toEqual(before);
  await deployment.make("up");
  await expectKept(deployment, day);
});

test("a stack whose state is lost is not deployed a second time, and with consent is adopted with its data", {
  tags: "extended",
}, async () => {
  const before = await everything();
  await rm(deployment.path(".pulumi-state"), { recursive: true });
  deployment.configure(settings);
  const refused = await deployment.tryMake("up");
  expect(refused.failed).toBe(true);
  expect(refused.output).toContain(
    `The server already has containers of the stack ${deployment.stack}, but the state does not know them`,
  );
  expect(refused.output).toContain(`pulumi config set adoptServer ${deployment.stack}`);
  expect(await everything()).toEqual(before);

  deployment.configure({ ...settings, adoptServer: deployment.stack });
  await deployment.make("up");
  expect((await everything()).filter((id) => before.includes(id))).toEqual([]);
  await expectKept(deployment, day);
});
