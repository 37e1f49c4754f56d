import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docker } from "../servers/docker";
import { bareImage } from "../servers/images";
import { StandInServer } from "../servers/server";
import { testLabel } from "../servers/stale-containers";
import { DoorVisitor } from "../support/door-visitor";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

let server: StandInServer;
let project: SmallProject;
/** A visitor with an address of its own, from which nobody deploys. */
let visitor: string;
let before: { packages: string[]; traces: string };
let index: number;

/** Port 2222 of the server leads to its sshd, which knows only its own port 22, as with a forwarded port of a router. */
const FORWARDED = `[Unit]
After=network.target
[Service]
Type=oneshot
ExecStart=/usr/sbin/iptables -t nat -A PREROUTING -p tcp --dport 2222 -j REDIRECT --to-ports 22
[Install]
WantedBy=multi-user.target
`;

beforeAll(async () => {
  server = await StandInServer.start({ name: "hardening" });
  visitor = await docker("run", "--detach", ...testLabel, await bareImage(), "sleep", "infinity");
  await server.exec("cat >/etc/systemd/system/forwarded.service", FORWARDED);
  await server.exec("systemctl enable --quiet --now forwarded.service");
  await server.exec("echo ubuntu:long-enough | chpasswd");
  await server.exec("sed -i s/no/yes/ /etc/ssh/sshd_config.d/50-cloud-init.conf && systemctl reload ssh");
  project = new SmallProject({ ...server.settings, serverPort: 2222 });
  await project.pulumi("stack", "init");
  await project.pulumi("config", "set", "--secret", "basicAuth", "/private/ ada:a-long-password");
  await up();
  const app = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=app")).split("\n")[0] ?? "";
  const image = await server.docker("inspect", "--format", "{{.Image}}", app);
  await server.docker("run", "--detach", "--restart=always", "--env=PORT=3000", "--publish=6380:3000", image);
  before = { packages: await packages(), traces: await traces() };
});

afterAll(async () => {
  if (visitor) await docker("rm", "--force", visitor);
  await server?.stop();
  project?.remove();
});

const up = () => succeeded(project.berth("up"));

const set = (name: string, value: string) => project.pulumi("config", "set", name, value);

/** Status of an answer from outside the server over a new connection; 0 without one. */
async function visit(port: number, path = "/", password?: string): Promise<number> {
  const headers: Record<string, string> =
    password === undefined ? {} : { authorization: `Basic ${btoa(`ada:${password}`)}` };
  const visitor = new DoorVisitor({ http: port, https: port }, server.address);
  return visitor.ask(server.address, path, { tls: false, headers }).then(
    ({ status }) => status ?? 0,
    () => 0,
  );
}

/** The same for the visitor with an address of its own. */
async function visitElsewhere(path: string, password: string): Promise<number> {
  const url = `http://${server.address}${path}`;
  const words = ["curl", "-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", "-u", `ada:${password}`, url];
  return Number(await docker("exec", visitor, ...words).catch(() => "0"));
}

/** Whether a person can sign in with a password. */
async function passwordWorks(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "berth-password-"));
  const program = join(folder, "password");
  writeFileSync(program, "#!/bin/sh\necho long-enough\n");
  chmodSync(program, 0o700);
  const options = [
    ...["PubkeyAuthentication=no", "NumberOfPasswordPrompts=1", "ConnectTimeout=10", "ControlPath=none"],
    ...["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"],
  ].flatMap((option) => ["-o", option]);
  const env = { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force" };
  const { exitCode, stderr } = await execa("ssh", [...options, `ubuntu@${server.address}`, "true"], {
    env,
    reject: false,
    input: "",
  });
  rmSync(folder, { recursive: true });
  if (exitCode !== 0) expect(stderr).toContain("Permission denied");
  return exitCode === 0;
}

async function packages(): Promise<string[]> {
  const listed = await server.exec("dpkg --get-selections");
  return listed.split("\n").flatMap((line) => /^(\S+)\s+install$/.exec(line)?.[1] ?? []);
}

/** What the steps could leave on the server. Docker's own rules differ from start to start. */
function traces(): Promise<string> {
  return server.exec(`find /etc/berth /run/berth /etc/fail2ban /etc/apt/apt.conf.d /etc/ssh /var/log/berth-* 2>/dev/null
    ls /etc/systemd/system | grep berth; { nft list tables 2>/dev/null || true; } | grep -e berth -e f2b
    systemctl list-unit-files --no-legend 'berth-*' 'apt-daily*'; sshd -T | grep -i -e passwordauth -e kbdinter; true`);
}

/** The index of lynis, from 0 to 100. */
async function hardeningIndex(): Promise<number> {
  await server.exec("lynis audit system --quick --no-colors --quiet >/dev/null 2>&1 || true");
  const report = await server.exec("cat /var/log/lynis-report.dat");
  const found = Number(/^hardening_index=(\d+)/m.exec(report)?.[1]);
  const tests = (kind: string) =>
    [...report.matchAll(new RegExp(`^${kind}\\[\\]=([A-Z]+-\\d+)`, "gm"))].map(([, id]) => id);
  const [warnings, suggestions] = [tests("warning"), tests("suggestion")];
  console.log(
    `lynis: index ${found}, ${warnings.length} warnings (${warnings.join(" ")}), ${suggestions.length} suggestions (${suggestions.join(" ")}).`,
  );
  return found;
}

const tables = () => server.exec("nft list tables");

test("`berth doctor` reports what does not harden the server as information", async () => {
  const { output, exitCode } = await project.berth("doctor", "--json");
  expect(exitCode, output).toBe(0);
  const { checks }: { checks: { name: string; status: string }[] } = JSON.parse(output);
  const informed = checks.filter(({ status }) => status === "info").map(({ name }) => name);
  expect(informed).toEqual(["published ports", "SSH passwords", "security updates", "failed sign-ins"]);
  expect(await visit(6380)).toBe(200);
  expect(await passwordWorks()).toBe(true);
});

test("lynis looks at the server before", { tags: "extended" }, async () => {
  await server.exec("apt-get update -qq && apt-get install -qq -y --no-install-recommends lynis >/dev/null");
  before.packages = await packages();
  index = await hardeningIndex();
});

test("the server takes back a firewall that locks Berth out", async () => {
  await set("hardeningFirewall", "true");
  expect((await project.berth("plan")).output).toContain("No downtime, no data change.");
  const { failed, output } = await project.berth("up");
  expect(failed).toBe(true);
  expect(output).toContain("the server takes this change back within a minute");
  await eventually(120, async () => expect(await tables()).not.toContain("berth_firewall"));
  expect(await visit(6380)).toBe(200);
  const { output: text } = await project.berth("doctor", "--json");
  const { checks }: { checks: { name: string; status: string }[] } = JSON.parse(text);
  expect(checks.find(({ name }) => name === "sign-in")).toMatchObject({ status: "ok" });
  expect(await server.exec("ls /etc/systemd/system | grep berth-firewall || true")).toBe("");
});

test("with the forwarded port it stays: the site answers, and a port that others publish does not", async () => {
  await project.pulumi("config", "set", "--path", "hardeningFirewallPorts[0]", "2222/tcp");
  await up();
  expect(await visit(80)).toBe(200);
  expect(await visit(6380)).toBe(0);
  // On the server itself, and between containers, nothing is blocked.
  expect(await server.exec("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:6380/")).toBe("200");
});

test("the other steps: sshd without passwords, security updates, bans", async () => {
  await set("hardeningSsh", "true");
  await set("hardeningUpdates", "true");
  await set("hardeningRebootWindow", "Sun 03:00-05:00 Europe/Berlin");
  await set("hardeningBans", "true");
  const plan = (await project.berth("plan")).output;
  for (const step of ["server-sshd", "server-updates", "server-bans"]) expect(plan).toContain(step);
  expect(plan).toContain("No downtime, no data change.");
  await up();
  expect(await passwordWorks()).toBe(false);
  expect(await server.exec("apt-config dump APT::Periodic::Unattended-Upgrade")).toContain('"1"');
  expect(await server.exec("unattended-upgrade --dry-run 2>&1 && echo done")).toContain("done");
  expect(await server.exec("systemctl list-timers --all --no-legend 'berth-reboot-*'")).toContain("berth-reboot-");
  await eventually(60, async () => expect(await server.exec("fail2ban-client status")).toContain("berth-sshd"));
});

test("two plans in a row have nothing to do, and `berth doctor` has nothing to tell", async () => {
  for (const _ of [1, 2]) expect((await project.berth("plan")).output).toContain("Nothing to do");
  const { checks }: { checks: { name: string; status: string }[] } = JSON.parse(
    (await project.berth("doctor", "--json")).output,
  );
  expect(checks.filter(({ status }) => status === "info")).toEqual([]);
});

test("a visitor with wrong passwords is banned at the site, and whoever deploys is not", async () => {
  expect(await visitElsewhere("/private/", "a-long-password")).toBe(200);
  for (let attempt = 0; attempt < 12; attempt++) {
    expect([401, 0]).toContain(await visitElsewhere("/private/", `wrong-${attempt}`));
    expect(await visit(80, "/private/", `wrong-${attempt}`)).toBe(401);
  }
  await eventually(90, async () => expect(await visitElsewhere("/", "a-long-password")).toBe(0));
  expect(await visit(80)).toBe(200);
  expect((await project.berth("status")).exitCode).toBe(0);
});

test("everything holds after a reboot in its window", async () => {
  await server.exec("touch /var/run/reboot-required");
  const [unit = ""] = (await server.exec("ls /etc/systemd/system | grep 'berth-reboot-.*service'")).split("\n");
  await server.exec(`systemctl start --no-block ${unit}`).catch(() => undefined);
  // A container does not start again by itself.
  await eventually(120, async () =>
    expect(await docker("inspect", "--format", "{{.State.Running}}", server.container)).toBe("false"),
  );
  await server.reboot();
  await eventually(120, async () => expect(await visit(80)).toBe(200));
  await eventually(60, async () =>
    expect(await server.exec("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:6380/ || true")).toBe("200"),
  );
  expect(await visit(6380)).toBe(0);
  expect(await passwordWorks()).toBe(false);
  expect((await project.berth("plan")).output).toContain("Nothing to do");
});

test("lynis finds less", { tags: "extended" }, async () => {
  expect(await hardeningIndex()).toBeGreaterThan(index);
});

test("switched off again, nothing is left on the server but packages that it names", async () => {
  for (const name of ["Firewall", "Ssh", "Updates", "Bans", "RebootWindow", "FirewallPorts"]) {
    await project.pulumi("config", "rm", `hardening${name}`);
  }
  const plan = (await project.berth("plan")).output;
  for (const step of ["server-firewall", "server-sshd", "server-updates", "server-bans"]) {
    expect(plan).toMatch(new RegExp(`${step}.*removed`));
  }
  const output = await up();
  expect(await traces()).toBe(before.traces);
  const left = (await packages()).filter((name) => !before.packages.includes(name));
  for (const name of left) expect(output).toContain(name.replace(/:.*/, ""));
  expect(await visit(6380)).toBe(200);
  expect(await passwordWorks()).toBe(true);
  expect((await project.berth("plan")).output).toContain("Nothing to do");
});
