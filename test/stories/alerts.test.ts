import { afterAll, beforeAll, expect, test } from "vitest";
import { docker } from "../servers/docker";
import { StandInServer } from "../servers/server";
import { AlertReceiver } from "../support/alert-receiver";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

let server: StandInServer;
let project: SmallProject;
let receiver: AlertReceiver;

beforeAll(async () => {
  server = await StandInServer.start({ name: "alerts" });
  receiver = await AlertReceiver.start();
  // The clock of a container is its host's, and its disk may be nearly full.
  project = new SmallProject({
    ...server.settings,
    alertsAfterMinutes: 1,
    alertsDiskPercent: 1,
    alertsMemoryPercent: 1,
  });
  await project.pulumi("stack", "init");
  await project.pulumi("config", "set", "--secret", "alertsTo", receiver.targets);
  expect((await project.berth("up")).output).not.toContain("error");
});

afterAll(async () => {
  receiver?.stop();
  await server?.stop();
  project?.remove();
});

const folder = async () => (await server.exec("ls -d /var/lib/berth/*/alerts")).trim();
const about = (condition: string) => receiver.about(condition);

test("a release starts the watch, which reports nothing and shows that it lives", async () => {
  await eventually(180, async () => expect(receiver.pings).toBeGreaterThan(1));
  expect(about("site").concat(about("containers"), about("drift"), about("files"))).toEqual([]);
  expect((await project.berth("alerts")).output).toMatch(/^Last seen by the watch: /);
});

test("targets are in a file of root only, and neither in the state nor in a message", async () => {
  expect(await server.exec(`stat -c '%a %U' ${await folder()}/targets`)).toBe("600 root");
  expect(project.state()).not.toContain("/alerts\\nping");
  expect((await project.berth("alerts", "test")).output).toMatch(/^Sent to webhook \(.*\)\.\nSent to ping \(.*\)\.$/);
});

test("a stopped container is reported with what to do, and then that it is over", async () => {
  const id = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=app")).split("\n")[0] ?? "";
  await server.docker("stop", id);
  await eventually(300, async () =>
    expect(about("containers")).toEqual([
      expect.objectContaining({ type: "begin", advice: expect.stringContaining("npx berth logs app") }),
    ]),
  );
  const { output, exitCode } = await project.berth("alerts");
  expect(exitCode).toBe(1);
  expect(output).toContain("does not run");
  await server.docker("start", id);
  await eventually(300, async () => expect(about("containers").map(({ type }) => type)).toEqual(["begin", "end"]));
});

test("a release under way is quiet, and reported when it is done", async () => {
  receiver.messages.splice(0);
  project.write("app/server.mjs", `${project.read("app/server.mjs")}\n// Another release.\n`);
  expect((await project.berth("plan")).output).toContain("No downtime, no data change.");
  await project.berth("up");
  await eventually(180, async () => expect(about("release").map(({ type }) => type)).toEqual(["note"]));
  expect(about("containers").concat(about("site"), about("drift"))).toEqual([]);
});

test("a reboot in its window is announced, and no false alarm follows", { tags: "extended" }, async () => {
  await project.pulumi("config", "set", "hardeningUpdates", "true");
  await project.pulumi("config", "set", "hardeningRebootWindow", "Sun 03:00-04:00 UTC");
  await succeeded(project.berth("up"));
  receiver.messages.splice(0);
  await server.exec("touch /var/run/reboot-required");
  const [unit = ""] = (await server.exec("ls /etc/systemd/system | grep 'berth-reboot-.*service'")).split("\n");
  await server.exec(`systemctl start --no-block ${unit}`);
  await eventually(120, async () =>
    expect(receiver.messages.flatMap(({ title }) => title)).toEqual([expect.stringContaining("The server reboots at")]),
  );
  // A container does not start again by itself.
  await eventually(420, async () =>
    expect(await docker("inspect", "--format", "{{.State.Running}}", server.container)).toBe("false"),
  );
  receiver.pings = 0;
  await server.reboot();
  await eventually(300, async () => expect(receiver.pings).toBeGreaterThan(2));
  expect(about("containers").concat(about("site"), about("engine"))).toEqual([]);
});

test("the processor time of a day is small", async () => {
  const measured = await server.exec(`sh -c 'sh ${await folder()}/watch.sh watch >/dev/null; times'`);
  // The last line has the time of its processes: 0m0.21s 0m0.10s.
  const [user = Number.NaN, system = Number.NaN] = (measured.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map((text) => Number(/m([\d.]+)s/.exec(text)?.[1]));
  console.log(
    `The watch takes ${(user + system).toFixed(2)} s of processor time a run, ${Math.round((user + system) * 1440)} s a day.`,
  );
  expect(user + system).toBeLessThan(2);
});

test("without the setting, and after `down`, nothing of it is left", async () => {
  await project.pulumi("config", "rm", "alertsTo");
  expect((await project.berth("plan")).output).toMatch(/alerts-watch.*removed/);
  await project.berth("up");
  expect(
    await server.exec("ls -d /var/lib/berth/*/alerts /etc/systemd/system/berth-alerts-* 2>/dev/null || true"),
  ).toBe("");
});
