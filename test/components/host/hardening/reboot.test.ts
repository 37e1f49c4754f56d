import { readFileSync } from "node:fs";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeServer } from "../../../support/fake-server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  // Time passes in pauses only.
  server.write("now", "1000\n");
  server.program("date", "cat $root/now");
  server.program("sleep", "echo $(($(cat $root/now) + $1)) >$root/now; [ ! -e $root/during ] || sh $root/during");
  server.program("systemctl", "");
  server.write("locks", "");
});
afterEach(() => server.remove());

/** Runs the script in a window of an hour. */
async function run() {
  const { folder } = server;
  const script = readFileSync("components/host/scripts/hardening/reboot.sh", "utf8")
    .replaceAll("/proc/locks", `${folder}/locks`)
    .replaceAll(/(?<![\w/])\/(var|run)\//g, `${folder}/$1/`);
  const env = { root: folder, PATH: `${folder}/bin:/usr/bin:/bin` };
  await execa("sh", ["-c", script, "sh", "3600"], { env, extendEnv: false });
  return { reboots: server.calls(/^systemctl reboot/).length, at: Number(server.read("now")) };
}
const needed = () => server.write("var/run/reboot-required", "");
/** Lets a process hold the deploy lock of a stack. */
async function locked(file = "locks") {
  server.write("var/lib/berth/shop-prod/deploy.lock", "");
  const { stdout } = await execa("stat", ["-c", "%i", `${server.folder}/var/lib/berth/shop-prod/deploy.lock`]);
  server.write(file, `1: FLOCK  ADVISORY  WRITE 77 08:01:${stdout} 0 EOF\n`);
}

test("a server that needs it reboots at the beginning of its window", async () => {
  needed();
  expect(await run()).toEqual({ reboots: 1, at: 1000 });
});

test("a server that does not need it does not, and neither after its window", async () => {
  server.write("during", "[ $(cat $root/now) -lt 4600 ] || touch $root/var/run/reboot-required\n");
  server.write("var/run/nothing", "");
  expect(await run()).toEqual({ reboots: 0, at: 4600 });
});

test("a reboot waits for a release, up to the end of the window", async () => {
  needed();
  await locked();
  server.write("during", "[ $(cat $root/now) -lt 2000 ] || : >$root/locks\n");
  expect(await run()).toEqual({ reboots: 1, at: 2020 });
  server.write("now", "1000\n");
  server.write("during", "");
  await locked();
  expect(await run()).toEqual({ reboots: 1, at: 4600 });
});

test("with alerts, a reboot is announced five minutes before, and put off for a release that begins meanwhile", async () => {
  needed();
  server.write("var/lib/berth/shop-prod/alerts/targets", "");
  server.write("during", "cp $root/run/berth/reboot $root/announced\n");
  expect(await run()).toEqual({ reboots: 1, at: 1300 });
  expect(server.read("announced")).toBe("1300\n");

  server.write("now", "1000\n");
  await locked("locks-later");
  server.write("during", "cp $root/locks-later $root/locks\n");
  expect(await run()).toEqual({ reboots: 1, at: 4600 });
  expect(server.read("run/berth/reboot")).toBeUndefined();
});
