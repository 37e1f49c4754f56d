import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { AlertReceiver } from "../support/alert-receiver";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { signedIn } from "../support/office-story";

let server: StandInServer;
let deployment: Deployment;
let receiver: AlertReceiver;

beforeAll(async () => {
  [server, receiver] = await Promise.all([StandInServer.start({ name: "day" }), AlertReceiver.start()]);
  deployment = await Deployment.create("day", {
    ...server.settings,
    backupPointInTimeDays: 7,
    replicas: 2,
    // The disk of this machine may be nearly full.
    alertsDiskPercent: 1,
    alertsMemoryPercent: 1,
  });
  await deployment.setSecret("backupPassphrase", randomBytes(16).toString("hex"));
  await deployment.setSecret("alertsTo", receiver.targets);
  await deployment.make("up");
});
afterAll(async () => {
  receiver?.stop();
  await server?.stop();
  deployment?.remove();
});

const release = (what: string) => {
  deployment.edit("backend/operations/health.py", (text) => `${text}\n# ${what}\n`);
  return deployment.make("up");
};

async function berth(...words: string[]): Promise<void> {
  const { output, failed } = await deployment.berth(...words);
  expect(failed, output).toBe(false);
}

/** What the people of an office and of its server do on a day, in minutes. */
const DAY: [string, () => Promise<unknown>][] = [
  ["mails are registered", async () => (await signedIn(deployment)).createMail("in the morning")],
  ["a release", () => release("The first of the day.")],
  ["a backup by hand", () => deployment.make("backup")],
  ["maintenance", () => berth("maintenance", "on")],
  ["its end", () => berth("maintenance", "off")],
  ["another setting", () => deployment.run("config", "set", "replicas", "3", "--stack", deployment.stack)],
  ["its release", () => deployment.make("up")],
  ["a restart of Docker", () => server.exec("systemctl restart docker")],
  ["a drill", () => deployment.make("restore-drill")],
  ["a release that is rolled back", () => release("Not as it should be.")],
  ["the rollback", () => berth("rollback", "--yes")],
  ["a restore", () => berth("restore", "--yes")],
  ["a reboot", () => server.reboot()],
];

test("a day of normal operation sends no false alarm", { tags: "extended", timeout: 3_600_000 }, async () => {
  await eventually(180, async () => expect(receiver.pings).toBeGreaterThan(1));
  for (const [what, work] of DAY) {
    await work();
    // The watch looks each minute.
    await sleep(65_000);
    const alarms = receiver.about().filter(({ type }) => type !== "note");
    expect({ after: what, alarms }).toEqual({ after: what, alarms: [] });
  }
  const pings = receiver.pings;
  await eventually(180, async () => expect(receiver.pings).toBeGreaterThan(pings + 1));
  expect(receiver.about("release").length).toBeGreaterThanOrEqual(4);
  console.log(receiver.messages.map(({ title }) => title));
});
