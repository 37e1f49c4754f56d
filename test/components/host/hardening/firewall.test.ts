import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HardenedServer } from "../../../support/hardened-server";

const RULES = "etc/berth/hardening/firewall.nft";
const UNIT = "etc/systemd/system/berth-firewall.service";
const FUNCTIONS = ["packages.sh", "take-back.sh", "firewall.sh"];

let server: HardenedServer;
beforeEach(() => {
  server = new HardenedServer();
  server.installed("usr/sbin/nft", 'PATH=$root/bin:$PATH; exec nft "$@"');
});
afterEach(() => server.remove());

const install = (...ports: string[]) => server.run(FUNCTIONS, "install-firewall.sh", ports);
const confirm = (...ports: string[]) => server.run(FUNCTIONS, "confirm-firewall.sh", ports);
const remove = () => server.run(FUNCTIONS, "remove-firewall.sh");
const installed = async (...ports: string[]) => {
  await install(...ports);
  return confirm(...ports);
};
const elements = (protocol: string) =>
  new RegExp(`set ${protocol}_ports \\{\\n    type inet_service\\n(?:    elements = \\{ (.*) \\}\\n)?`).exec(
    server.table ?? "",
  )?.[1];

describe("the firewall", () => {
  test("opens the ports of the stack, of sshd and of this connection, and nothing else", async () => {
    server.write("listen", "[::]:2022 (Stream)\n");
    expect(await install("80/tcp", "443/tcp", "51820/udp")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(elements("tcp")).toBe("22,80,443,2022,2222");
    expect(elements("udp")).toBe("51820");
  });

  test("opens the ports of a Swarm to the other servers only", async () => {
    await installed("80/tcp", "peer/10.0.0.3", "peer/fd00::2", "peer/10.0.0.4");
    expect(server.table).toMatch(/set peers4 \{\n {4}type ipv4_addr\n {4}elements = \{ 10\.0\.0\.3,10\.0\.0\.4 \}/);
    expect(server.table).toMatch(/set peers6 \{\n {4}type ipv6_addr\n {4}elements = \{ fd00::2 \}/);
    expect(server.table).toContain("ip saddr @peers4 meta l4proto { tcp, udp } th dport { 2377, 4789, 7946 } accept");
    expect(elements("tcp")).toBe("22,80,2222");
  });

  test("judges what arrives before Docker changes its address, and neither ICMP nor what containers send", async () => {
    await install("80/tcp");
    expect(server.table).toContain("type filter hook prerouting priority -150; policy accept;");
    expect(server.table).toContain("meta l4proto != { tcp, udp, sctp, dccp, udplite } accept");
    expect(server.table).toContain('    iifname "docker*" accept\n    iifname "br-*" accept\n');
    expect(elements("udp")).toBeUndefined();
    // It deletes its own table and flushes none.
    expect(server.table).toMatch(/^table inet berth_firewall\ndelete table inet berth_firewall$/m);
    expect(server.table).not.toContain("flush");
  });

  test("is in memory only until it is confirmed, and is taken back without that", async () => {
    await install("80/tcp");
    expect(server.read(RULES)).toBeUndefined();
    expect(server.read(UNIT)).toBeUndefined();
    expect(server.calls(/^systemd-run .*--unit berth-take-back-firewall --on-active 60 /)).toHaveLength(1);
    await server.timePasses("firewall");
    expect(server.table).toBeUndefined();
    expect(server.read("run/berth/trials/firewall/rules")).toBeUndefined();
  });

  test("stays after a reboot when it is confirmed, and its clock stops", async () => {
    expect(await installed("80/tcp")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(server.read(RULES)).toBe(server.table);
    expect(server.read(UNIT)).toContain("Before=network-pre.target");
    expect(server.read("active/berth-firewall.service")).toBe("");
    expect(server.read("active/berth-take-back-firewall.timer")).toBeUndefined();
    expect(server.read("run/berth/trials/firewall/take-back.sh")).toBeUndefined();
  });

  test("goes back to the former rules, if a change is not confirmed", async () => {
    await installed("80/tcp");
    const before = server.table;
    await install("8080/tcp");
    expect(elements("tcp")).toBe("22,2222,8080");
    await server.timePasses("firewall");
    expect(server.table).toBe(before);
    expect(server.read("etc/berth/hardening/firewall/shop-prod")).toBe("80/tcp\n");
  });

  test("is not confirmed after it was taken back", async () => {
    await install("80/tcp");
    await server.timePasses("firewall");
    const { exitCode, stderr } = await confirm("80/tcp");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("has taken the change back already");
    expect(server.read(RULES)).toBeUndefined();
  });

  test.each([
    ["ufw is active", () => server.program("ufw", "echo 'Status: active'"), "ufw is active"],
    ["firewalld is active", () => server.write("active/firewalld", ""), "firewalld is active"],
    [
      "the uplink is named like a bridge of Docker",
      () => server.write("routes", "default via 192.0.2.1 dev br-lan proto dhcp\n"),
      "br-lan",
    ],
    ["the account may not use sudo", () => server.program("sudo", "exit 1"), "may not use sudo without a password"],
  ])("is refused where %s, and nothing is changed", async (_, prepare, reason) => {
    prepare();
    const { exitCode, stderr } = await install("80/tcp");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain("pulumi config rm hardeningFirewall");
    expect(server.table).toBeUndefined();
    expect(server.calls(/^systemd-run/)).toEqual([]);
  });

  test("leaves nothing on trial if nft rejects the rules", async () => {
    server.write("nft-rejects", "");
    const { exitCode, stderr } = await install("80/tcp");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Error: syntax error");
    expect(server.read("run/berth/trials/firewall/take-back.sh")).toBeUndefined();
    expect(server.read("active/berth-take-back-firewall.timer")).toBeUndefined();
  });
});

describe("the removal of the firewall", () => {
  test("leaves nothing, and keeps a package that was there before", async () => {
    await installed("80/tcp");
    expect(await remove()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    for (const file of [RULES, UNIT, "table", "etc/berth/hardening/firewall/shop-prod"]) {
      expect(server.read(file)).toBeUndefined();
    }
    expect(server.calls(/^apt-get purge/)).toEqual([]);
  });

  test("removes a package that Berth has installed", async () => {
    rmSync(join(server.folder, "usr/sbin/nft"));
    server.write("packages", "ii  bash\n");
    await install("80/tcp");
    expect(server.read("etc/berth/hardening/packages")).toBe("nftables\n");
    expect(await confirm("80/tcp")).toMatchObject({ exitCode: 0 });
    await remove();
    expect(server.read("packages")).toBe("ii  bash\n");
    expect(server.read("etc/berth/hardening/packages")).toBeUndefined();
  });

  test("leaves a package that others need, and says so", async () => {
    rmSync(join(server.folder, "usr/sbin/nft"));
    server.write("packages", "ii  bash\n");
    await installed("80/tcp");
    server.write("needing", "Remv firewall-gui [1]\n");
    expect((await remove()).stdout).toContain("The package nftables, which Berth has installed, stays on the server");
    expect(server.read("packages")).toContain("ii  nftables");
  });

  test("keeps the ports of another stack that wants it", async () => {
    await installed("80/tcp");
    server.write("etc/berth/hardening/firewall/other-prod", "8443/tcp\n");
    await remove();
    expect(elements("tcp")).toBe("22,2222,8443");
    expect(server.read(UNIT)).toContain("berth_firewall");
  });
});
