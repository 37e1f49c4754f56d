import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HardenedServer } from "../../../support/hardened-server";

const APT = "etc/apt/apt.conf.d/99berth-updates";
const TIMER = "etc/systemd/system/berth-reboot-shop-prod.timer";
const PROGRAM = "etc/berth/hardening/reboot-shop-prod.sh";
const FUNCTIONS = ["packages.sh", "updates.sh", "remove-reboots.sh"];

let server: HardenedServer;
beforeEach(() => {
  server = new HardenedServer();
  server.installed("usr/bin/unattended-upgrade");
  server.write("etc/apt/apt.conf.d/20auto-upgrades", "theirs");
});
afterEach(() => server.remove());

const install = (begin = "", seconds = "0") =>
  server.run(FUNCTIONS, "install-updates.sh", [begin, seconds], "# reboots\n");
const remove = () => server.run(FUNCTIONS, "remove-updates.sh");

describe("security updates", () => {
  test("are installed daily without reboots by themselves", async () => {
    expect(await install()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(server.read(APT)).toContain('APT::Periodic::Unattended-Upgrade "1";');
    expect(server.read(APT)).toContain('Unattended-Upgrade::Automatic-Reboot "false";');
    expect(server.read("active/apt-daily-upgrade.timer")).toBe("");
    expect(server.read(TIMER)).toBeUndefined();
  });

  test("reboot the server in a window only, which is not made up", async () => {
    await install("Sun *-*-* 03:00:00 Europe/Berlin", "7200");
    expect(server.read(TIMER)).toContain("\nOnCalendar=Sun *-*-* 03:00:00 Europe/Berlin\n");
    expect(server.read(TIMER)).not.toContain("Persistent");
    expect(server.read(TIMER.replace("timer", "service"))).toContain(
      `ExecStart=/bin/sh ${server.folder}/${PROGRAM} 7200`,
    );
    expect(server.read(PROGRAM)).toBe("# reboots\n");
    await install();
    expect(server.read(TIMER)).toBeUndefined();
    expect(server.read(PROGRAM)).toBeUndefined();
  });

  test("end without a trace, and timers that ran before go on", async () => {
    server.write("active/apt-daily.timer", "");
    await install("*-*-* 03:00:00 UTC", "3600");
    expect(await remove()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(server.read("active/apt-daily.timer")).toBe("");
    expect(server.read("active/apt-daily-upgrade.timer")).toBeUndefined();
    for (const file of [APT, TIMER, PROGRAM]) expect(server.read(file)).toBeUndefined();
    expect(existsSync(join(server.folder, "etc/berth"))).toBe(false);
    expect(server.read("etc/apt/apt.conf.d/20auto-upgrades")).toBe("theirs");
  });

  test("go on for another stack that wants them", async () => {
    await install("*-*-* 03:00:00 UTC", "3600");
    server.write("etc/berth/hardening/updates/other-prod", "\n");
    await remove();
    expect(server.read(APT)).toContain("Unattended-Upgrade");
    expect(server.read(TIMER)).toBeUndefined();
  });
});
