import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HardenedServer } from "../../../support/hardened-server";

const DROP_IN = "etc/ssh/sshd_config.d/00-berth-hardening.conf";
const SETTINGS = "PasswordAuthentication no\nKbdInteractiveAuthentication no\n";
const FUNCTIONS = ["take-back.sh", "sshd.sh"];

let server: HardenedServer;
beforeEach(() => {
  server = new HardenedServer();
  server.write("sshd_config", "PasswordAuthentication yes\n");
  server.write("etc/shadow", "root:*:1::::::\n");
});
afterEach(() => server.remove());

const install = () => server.run(FUNCTIONS, "install-sshd.sh");
const confirm = () => server.run(FUNCTIONS, "confirm-sshd.sh");
const remove = () => server.run(FUNCTIONS, "remove-sshd.sh");
const reloads = () => server.calls(/^systemctl reload ssh/).length;

describe("sshd without passwords", () => {
  test("is on trial in memory: after a reboot, the file includes nothing", async () => {
    expect(await install()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(server.read(DROP_IN)).toBe(`Include ${server.folder}/run/berth/trials/sshd/sshd.conf\n`);
    expect(server.read("run/berth/trials/sshd/sshd.conf")).toContain(SETTINGS);
    expect(reloads()).toBe(1);
    await server.timePasses("sshd");
    expect(server.read(DROP_IN)).toBeUndefined();
    expect(reloads()).toBe(2);
  });

  test("stays when it is confirmed", async () => {
    await install();
    expect(await confirm()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(server.read(DROP_IN)).toContain(SETTINGS);
    expect(server.read("active/berth-take-back-sshd.timer")).toBeUndefined();
  });

  test("stays when a second deployment is not confirmed", async () => {
    await install();
    await confirm();
    await install();
    expect(server.read(DROP_IN)).toContain(SETTINGS);
    await server.timePasses("sshd");
    expect(server.read(DROP_IN)).toContain(SETTINGS);
  });

  test.each([
    ["keys are refused", "PubkeyAuthentication no", "does not accept keys"],
    ["a password is demanded beside the key", "AuthenticationMethods publickey,password", "AuthenticationMethods"],
  ])("is refused where %s, and nothing is changed", async (_, line, reason) => {
    server.write("sshd_config", `${line}\n`);
    const { exitCode, stderr } = await install();
    expect({ exitCode, reason: stderr }).toEqual({ exitCode: 1, reason: expect.stringContaining(reason) });
    expect(server.read(DROP_IN)).toBeUndefined();
    expect(reloads()).toBe(0);
  });

  test("is refused where sshd's configuration is invalid already", async () => {
    server.write("sshd-rejects", "line 3: Bad configuration option");
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("line 3: Bad configuration option");
    expect(server.calls(/^systemd-run/)).toEqual([]);
  });

  test("is taken back at once where another file has the first word", async () => {
    server.write("etc/ssh/sshd_config.d/00-admin.conf", "PasswordAuthentication yes\n");
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("has another value before");
    expect(server.read(DROP_IN)).toBeUndefined();
  });

  test("names accounts that could sign in with a password only", async () => {
    server.write("etc/shadow", "root:*:1::::::\nada:$y$x:1::::::\nkeyed:$6$x:1::::::\n");
    server.write("home/keyed/.ssh/authorized_keys", "ssh-ed25519 AAAA\n");
    const home = `${server.folder}/home`;
    server.write("etc/passwd", `ada:x:1001:1001::${home}/ada:/bin/sh\nkeyed:x:1002:1002::${home}/keyed:/bin/sh\n`);
    expect((await install()).stdout).toMatch(/can no longer sign in over SSH: ada$/);
  });

  test("is removed with its last stack", async () => {
    await install();
    await confirm();
    server.write("etc/berth/hardening/ssh/other-prod", "ssh\n");
    await remove();
    expect(server.read(DROP_IN)).toContain(SETTINGS);
    server.write("etc/berth/hardening/ssh/shop-prod", "ssh\n");
    await server.shell(`rm ${server.folder}/etc/berth/hardening/ssh/other-prod`, []);
    const before = reloads();
    await remove();
    expect(server.read(DROP_IN)).toBeUndefined();
    expect(reloads()).toBe(before + 1);
  });
});
