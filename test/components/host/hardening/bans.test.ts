import { readFileSync } from "node:fs";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HardenedServer } from "../../../support/hardened-server";

const JAILS = "etc/fail2ban/jail.d/zz-berth.conf";
const SITE = "etc/fail2ban/jail.d/zz-berth-shop-prod.conf";
const FILTER = "etc/fail2ban/filter.d/berth-sign-in.conf";
const UNIT = "etc/systemd/system/berth-sign-ins-shop-prod.service";
const READER = "etc/berth/hardening/sign-ins-shop-prod.sh";
const FUNCTIONS = ["packages.sh", "bans.sh"];

let server: HardenedServer;
beforeEach(() => {
  server = new HardenedServer();
  for (const program of ["usr/bin/fail2ban-server", "usr/sbin/nft"]) server.installed(program);
  for (const folder of ["jail.d", "filter.d"]) server.write(`etc/fail2ban/${folder}/theirs.conf`, "theirs");
  server.write("var/log/theirs", "");
});
afterEach(() => server.remove());

const install = (ports = "80,443") =>
  server.run(FUNCTIONS, "install-bans.sh", [ports, "shop", "prod"], "# reads nginx's log\n");
const remove = () => server.run(FUNCTIONS, "remove-bans.sh");

describe("bans", () => {
  test("are for sshd on all its ports, and for the site on its own", async () => {
    expect(await install()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(server.read(JAILS)).toMatch(/^\[berth-sshd\]\nenabled = true\nfilter = sshd\nbackend = systemd\n/m);
    expect(server.read(JAILS)).toContain("\nport = 22,2222\n");
    expect(server.read(SITE)).toContain("\nport = 80,443\n");
    expect(server.read(UNIT)).toContain(`/bin/sh ${server.folder}/${READER} shop prod `);
    expect(server.read(READER)).toBe("# reads nginx's log\n");
  });

  test("hold for published ports, and spare who deploys", async () => {
    await install();
    for (const file of [JAILS, SITE]) {
      expect(server.read(file)).toContain("ignoreip = 127.0.0.1/8 ::1 192.0.2.9\n");
      expect(server.read(file)).toContain(
        `ignorecommand = /bin/sh ${server.folder}/etc/berth/hardening/signed-in.sh <ip>`,
      );
      expect(server.read(file)).toContain("chain_hook=prerouting, chain_priority=-160, blocktype=drop]");
    }
  });

  test.each([
    ["has signed in with a key", "Accepted publickey for deploy from 198.51.100.7 port 1 ssh2", 0],
    ["has not", "Accepted publickey for deploy from 198.51.100.77 port 1 ssh2", 1],
    ["writes so in a name", "Invalid user Accepted publickey for x from 198.51.100.7 port 1", 1],
  ])("spare an address that %s", async (_, line, exitCode) => {
    await install();
    server.program("journalctl", `echo '${line}'`);
    const script = server.read("etc/berth/hardening/signed-in.sh") ?? "";
    expect((await server.shell(script, ["198.51.100.7"])).exitCode).toBe(exitCode);
  });

  test("leave the package's own jail as it is where others have installed it", async () => {
    await install();
    expect(server.read(JAILS)).not.toContain("[sshd]");
    server.write("etc/berth/hardening/packages", "fail2ban\n");
    await install();
    expect(server.read(JAILS)).toContain("[sshd]\nenabled = false\n");
  });

  test("are for sshd only without ports of the site", async () => {
    await install();
    await install("");
    expect(server.read(JAILS)).toContain("[berth-sshd]");
    for (const file of [SITE, UNIT, READER]) expect(server.read(file)).toBeUndefined();
  });

  test("are taken back if fail2ban rejects them", async () => {
    server.write("fail2ban-rejects", "ERROR: No file(s) found for glob");
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("No file(s) found");
    for (const file of [JAILS, SITE, FILTER, UNIT]) expect(server.read(file)).toBeUndefined();
  });

  test("end without a trace", async () => {
    await install();
    expect(await remove()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    for (const file of [JAILS, SITE, FILTER, UNIT, READER, "var/log/berth-sign-ins-shop-prod.log"]) {
      expect(server.read(file), file).toBeUndefined();
    }
    expect(server.read("etc/fail2ban/jail.d/theirs.conf")).toBe("theirs");
  });
});

describe("a failed sign-in at the site", () => {
  const refused = async (line: string) => {
    const source = readFileSync("components/host/scripts/hardening/sign-ins.sh", "utf8").replace(
      /^main "\$@"$/m,
      "refused",
    );
    return (await execa("sh", ["-c", source], { input: `${line}\n` })).stdout;
  };
  const line = (user: string, status: number, upstream: string) =>
    `{"time":"2026-11-28T01:00:00+00:00","requestId":"ab","release":"c1","client":"2001:db8::9","user":"${user}","method":"GET","host":"x","uri":"/","protocol":"HTTP/1.1","status":${status},"bytes":1,"seconds":0.1,"upstream":"${upstream}","upstreamSeconds":null,"referer":"","userAgent":"curl"}`;

  test.each([
    ["with a wrong password", line("ada", 401, ""), "2001:db8::9"],
    ["is none without a password, as a browser's first request", line("", 401, ""), ""],
    ["is none if the application refuses it", line("ada", 401, "172.18.0.4:3000"), ""],
    ["is none if it succeeds", line("ada", 200, "172.18.0.4:3000"), ""],
    ["is none if a name looks like one", line('\\",\\"status\\":401,\\"upstream\\":\\"\\",\\"', 200, "a:1"), ""],
    ["is none in another line", "2026/11/28 01:00:00 [error] 7#7: client: 192.0.2.1", ""],
  ])("%s", async (_, printed, address) => {
    expect(await refused(printed)).toBe(address);
  });
});
