import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server as HttpsServer } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { judge } from "../../../../components/cli/doctor/checks.mts";
import type { Facts } from "../../../../components/cli/doctor/facts.mts";
import { baseImagesOf } from "../../../../components/cli/doctor/observe/dockerfiles.mts";
import { failure, signIn } from "../../../../components/cli/doctor/observe/registry.mts";
import { readSettings } from "../../../../components/cli/doctor/settings.mts";
import { asText } from "../../../../components/cli/doctor/text.mts";
import { withPreamble } from "../../../../components/model/preamble";
import { parseServer } from "../../../../components/remote/server/parse.mts";
import { withDefaults } from "../../../../components/settings/setting";
import { standardSettings } from "../../../../components/settings/standard";
import { selfSignedCertificate } from "../../../support/self-signed-certificate";

type Server = NonNullable<Facts["server"]>;

/** A server without problems. */
const server: Server = {
  loginOutput: "",
  clockAhead: 0,
  account: "ubuntu",
  inPasswd: true,
  shell: "/bin/bash",
  sudo: "sudo",
  sudoError: "",
  system: { id: "ubuntu", version: "24.04", name: "Ubuntu 24.04 LTS" },
  kernel: "6.8.0",
  machine: "x86_64",
  processors: 2,
  has: new Set(["apt-get", "systemctl", "ss", "tcp_migrate_req"]),
  lacks: [],
  memory: { total: 4_000_000, available: 3_000_000 },
  disk: { free: 40_000_000, total: 80_000_000 },
  inodes: { free: 4_000_000, total: 5_000_000 },
  addresses: ["203.0.113.7", "2001:db8::7"],
  listeners: [{ address: "0.0.0.0", port: 22, program: "sshd", unit: "ssh.service" }],
  aptLock: undefined,
  packages: { "docker.io": "28.2" },
  firewalls: [],
  hardening: { firewall: true, passwords: false, updates: true, bans: true },
  docker: {
    version: "28.2.2",
    error: "",
    programs: { dockerd: "/usr/bin/dockerd", docker: "/usr/bin/docker" },
    snap: false,
    podman: false,
    rootless: false,
    containerdStore: false,
    candidate: "",
    context: "unix:///var/run/docker.sock",
    daemonJson: "",
    dropIn: "",
    unit: "ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
    swarm: "inactive",
  },
  containers: [],
  routes: [],
  stackContainers: 0,
  foreignVolumes: [],
  images: [{ name: "nginx:alpine", found: "available", nginx: undefined }],
};

const well: Facts = {
  project: "mailtracker",
  stack: "prod",
  settings: {
    file: "Pulumi.prod.yaml",
    exists: true,
    values: {
      ...withDefaults({}, standardSettings),
      serverHost: "203.0.113.7",
      serverHostKey: "ssh-ed25519 AAAA",
      siteName: "mail.example.org",
      backupS3Endpoint: "https://s3.example.org",
      backupS3Bucket: "backups",
    },
    secrets: [],
    problems: [],
    toolPorts: {},
  },
  workstation: {
    node: "22.23.3",
    platform: "linux",
    architecture: "x64",
    sockets: { folder: "/tmp/berth-1000", problem: undefined },
    umask: 0o022,
    ssh: "OpenSSH_9.6p1 Ubuntu-3, OpenSSL 3.0.13",
    keyFile: undefined,
    agent: "keys",
  },
  engine: {
    pulumi: "3.270.0",
    oldestPulumi: "3.200.0",
    backend: "file:///project/.pulumi-state",
    state: "reachable",
    stackExists: false,
    resources: undefined,
    passphrase: "file",
    decrypts: undefined,
    locks: [],
  },
  connection: { kind: "connected", stderr: "" },
  server,
  builder: undefined,
  names: [{ name: "mail.example.org", a: ["203.0.113.7"], aaaa: [], error: undefined }],
  serverAddresses: ["203.0.113.7"],
  publicPorts: [{ port: 80, state: "closed" }],
  registry: undefined,
  baseImages: [
    {
      image: "nginx:alpine",
      state: "current",
      before: { digest: `sha256:${"0a".repeat(32)}`, resolved: "2026-11-27" },
      reason: "",
      unreachable: false,
      ended: [],
    },
  ],
};

/** The check with that name, for facts that differ from the good ones. */
function check(name: string, other: Partial<Facts> = {}) {
  const found = judge({ ...well, ...other }).find((one) => one.name === name);
  return found && { ...found, advised: found.advice !== "" };
}

const workstation = (other: Partial<Facts["workstation"]>) => ({ workstation: { ...well.workstation, ...other } });
const engine = (other: Partial<Facts["engine"]>) => ({ engine: { ...well.engine, ...other } });
const at = (other: Partial<Server>) => ({ server: { ...server, ...other } });
const docker = (other: Partial<Server["docker"]>) => at({ docker: { ...server.docker, ...other } });
const set = (values: Record<string, string>, other: Partial<Facts["settings"]> = {}) => ({
  settings: { ...well.settings, ...other, values: { ...well.settings.values, ...values } },
});
const failed = (said: string): Partial<Facts> => ({ connection: { kind: "failed", stderr: said }, server: undefined });

const bad = (status: "warning" | "problem", found: string | RegExp, advice: string | RegExp) => ({
  status,
  found: expect.stringMatching(found),
  advice: expect.stringMatching(advice),
});

test("a healthy setup has no findings", () => {
  const checks = judge(well);
  expect(checks.filter(({ status }) => status === "problem" || status === "warning")).toEqual([]);
  expect(checks.filter(({ status }) => status === "ok").map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "ssh",
      "key",
      "host key",
      "sudo",
      "kernel",
      "clock",
      "Docker",
      "ports",
      "firewall",
      "disk",
    ]),
  );
});

test("each problem or warning has advice, and a passed check has none", () => {
  const broken = { ...well, ...failed("no"), ...workstation({ ssh: undefined, umask: 0o077, agent: "none" as const }) };
  for (const one of [...judge(well), ...judge(broken)]) {
    expect(one.advice !== "", one.name).toBe(one.status === "problem" || one.status === "warning");
  }
});

test("secrets from commands work, or are named with the reason and no value", () => {
  expect(check("secret commands")).toBeUndefined();
  expect(check("secret commands", { secretCommands: [{ name: "adminPassword" }] })).toMatchObject({
    status: "ok",
    found: "adminPassword",
  });
  const failing = [{ name: "adminPassword" }, { name: "tlsKey", failure: "the command op ended with exit code 1" }];
  expect(check("secret commands", { secretCommands: failing })).toMatchObject(
    bad("problem", /^tlsKey: the command op ended with exit code 1$/, /Sign in to the store of secrets/),
  );
});

describe("this machine", () => {
  test("needs an ssh that supports pinned host keys", () => {
    expect(check("ssh", workstation({ ssh: "OpenSSH_8.2p1 Ubuntu-4" }))).toMatchObject(bad("problem", "8.2", "8.5"));
    expect(check("ssh", workstation({ ssh: undefined }))).toMatchObject(
      bad("problem", "not installed", "openssh-client"),
    );
    expect(check("ssh", workstation({ ssh: "OpenSSH_10.0p2" }))).toMatchObject({ status: "ok" });
  });

  test("F27, F42: needs a folder of its own for ssh's sockets, whatever the home folder", () => {
    expect(check("ssh sockets", workstation({}))).toMatchObject({ status: "ok", found: "/tmp/berth-1000" });
    const taken = { folder: "/tmp/berth-1000", problem: "/tmp/berth-1000 belongs to another account" };
    expect(check("ssh sockets", workstation({ sockets: taken }))).toMatchObject(
      bad("problem", "another account", "sudo rm -r /tmp/berth-1000"),
    );
  });

  test("F19: warns about a umask that makes files unreadable in containers", () => {
    expect(check("umask", workstation({ umask: 0o077 }))).toMatchObject(bad("warning", "077", "022"));
    expect(check("umask", workstation({ umask: 0o002 }))).toMatchObject({ status: "ok" });
  });

  test.each([
    [{ exists: false }, "there is no file", "config set serverKeyFile"],
    [{ mode: 0o644 }, "others can read", "chmod 600 ~/.ssh/key"],
    [{ kind: "unreadable" as const }, "not an OpenSSH private key", ".pub"],
    [{ kind: "passphrase" as const }, "has a passphrase", "ssh-add ~/.ssh/key"],
  ])("rejects the key file %o", (other, found, advice) => {
    const keyFile = { path: "~/.ssh/key", exists: true, mode: 0o600, kind: "plain" as const, ...other };
    expect(check("key", workstation({ keyFile, agent: "none" }))).toMatchObject(bad("problem", found, advice));
  });

  test("accepts a plain key file, one whose passphrase the agent holds, and the agent's keys", () => {
    const keyFile = { path: "~/.ssh/key", exists: true, mode: 0o600, kind: "plain" as const };
    expect(check("key", workstation({ keyFile, agent: "none" }))).toMatchObject({ status: "ok" });
    expect(check("key", workstation({ keyFile: { ...keyFile, kind: "passphrase" } }))).toMatchObject({ status: "ok" });
    expect(
      check("key", { ...workstation({ agent: "empty" }), ...failed("Permission denied (publickey).") }),
    ).toMatchObject(bad("warning", "no key", "ssh-add"));
    expect(check("key", workstation({ agent: "none" }))).toMatchObject({ status: "ok" });
  });
});

describe("Pulumi and its state", () => {
  test("are reported when missing, outdated or inaccessible", () => {
    expect(check("Pulumi", engine({ pulumi: undefined }))).toMatchObject(bad("warning", "not installed", "pulumi.com"));
    expect(check("Pulumi", engine({ pulumi: "3.100.0" }))).toMatchObject(bad("problem", "3.100.0", "3.200.0"));
    expect(check("state", engine({ state: { refused: "EACCES: permission denied" } }))).toMatchObject(
      bad("problem", "EACCES", "PULUMI_BACKEND_URL"),
    );
    expect(check("state", engine({ state: "absent" }))).toMatchObject({ status: "ok" });
  });

  test("require the passphrase of the stack's secrets", () => {
    expect(
      check("passphrase", engine({ decrypts: { works: false, error: "error: incorrect passphrase" } })),
    ).toMatchObject(bad("problem", "incorrect passphrase", "PULUMI_CONFIG_PASSPHRASE_FILE"));
    expect(check("passphrase", engine({ decrypts: { works: true, error: "" } }))).toMatchObject({ status: "ok" });
    expect(check("passphrase", engine({ passphrase: "none" }))).toMatchObject({ status: "ok" });
    expect(
      check("passphrase", { ...engine({ passphrase: "none" }), ...set({}, { secrets: ["registryPassword"] }) }),
    ).toMatchObject(bad("problem", "not set", "Copy"));
  });

  test("show who holds the lock", () => {
    const locks = [{ found: "Another deployment of the stack", advice: "Try again when it has finished." }];
    expect(check("lock", engine({ locks }))).toMatchObject(bad("problem", "Another", "Try again"));
  });

  test("must contain the stack's containers that exist on the server", () => {
    const name = "earlier deployment";
    expect(check(name, at({ stackContainers: 6 }))).toMatchObject(
      bad("problem", "6 containers", "config set adoptServer prod --stack prod"),
    );
    expect(check(name, { ...at({ stackContainers: 6 }), ...engine({ resources: 40 }) })).toMatchObject({
      status: "ok",
    });
    expect(check(name, { ...at({ stackContainers: 6 }), ...set({ adoptServer: "prod" }) })).toMatchObject({
      status: "ok",
    });
  });

  test("must own volumes with names like the stack's, which a first deployment refuses", () => {
    const foreign = at({ foreignVolumes: ["mailtracker-prod-papers"] });
    expect(check("volumes", foreign)).toMatchObject(
      bad("problem", "mailtracker-prod-papers", "config set adoptServer prod --stack prod"),
    );
    expect(check("volumes", { ...foreign, ...engine({ resources: 40 }) })).toMatchObject({ status: "ok" });
    expect(check("volumes", { ...foreign, ...set({ adoptServer: "prod" }) })).toMatchObject({ status: "ok" });
  });
});

describe("what hardens the server", () => {
  const hardened = (other: Partial<Server["hardening"]>, more: Partial<Server> = {}) =>
    at({ hardening: { ...server.hardening, ...other }, ...more });

  test.each([
    ["published ports", hardened({ firewall: false }), "no firewall", "hardeningFirewall true --stack prod"],
    ["SSH passwords", hardened({ passwords: true }), "accepted", "hardeningSsh true --stack prod"],
    ["security updates", hardened({ updates: false }), "not installed", "hardeningUpdates true --stack prod"],
    ["failed sign-ins", hardened({ bans: false }), "bans", "hardeningBans true --stack prod"],
  ])("%s: is information where it is off, and stops nothing", (name, facts, found, advice) => {
    expect(check(name)).toMatchObject({ status: "ok", advice: "" });
    expect(check(name, facts)).toMatchObject({
      status: "info",
      found: expect.stringContaining(found),
      advice: expect.stringContaining(advice),
    });
    const text = asText({ stack: "prod", ok: true, checks: judge({ ...well, ...facts }) });
    expect(text).toMatch(new RegExp(`^info +${name} `, "m"));
    expect(text).toContain("No check found a problem with the stack prod; 0 warnings.");
  });

  test("another firewall does not hold for published ports", () => {
    expect(check("published ports", hardened({ firewall: false }, { firewalls: ["ufw", "nftables"] }))).toMatchObject({
      status: "info",
      found: "ufw does not hold for ports that Docker publishes",
    });
  });

  test("passwords are not judged where only root may read sshd's configuration", () => {
    expect(check("SSH passwords", hardened({ passwords: undefined }))).toMatchObject({ status: "skipped" });
  });
});

describe("the settings", () => {
  test("require the stack's file, valid values and a host key", () => {
    expect(check("settings", set({}, { exists: false }))).toMatchObject(
      bad("problem", "no Pulumi.prod.yaml", "Create it"),
    );
    expect(check("settings", set({}, { problems: ["httpPort must be a number"] }))).toMatchObject(
      bad("problem", "httpPort", "Pulumi.prod.yaml"),
    );
    expect(check("settings", set({ serverHostKey: "" }))).toMatchObject(
      bad("problem", "serverHostKey", "ssh_host_ed25519"),
    );
  });

  test("reject a name that is invalid in a Docker image name", () => {
    expect(check("project and stack", { stack: "Prod" })).toMatchObject(bad("problem", "Prod", "lower-case"));
    expect(check("project and stack", { stack: "prod_" })).toMatchObject(bad("problem", "prod_", '"prod_"'));
    expect(check("project and stack", { project: "my_app", stack: "prod-2" })).toMatchObject({ status: "ok" });
  });

  test("require port 80 for tls acme", () => {
    expect(check("certificate", set({ tls: "acme", httpPort: "8080" }))).toMatchObject(
      bad("problem", "8080", "httpPort 80"),
    );
    expect(check("certificate", set({ tls: "acme" }))).toMatchObject({ status: "ok" });
    expect(check("certificate")).toBeUndefined();
  });

  test("require no port for names that are validated over DNS", () => {
    const overDns = { tls: "acme", acmeChallenge: "dns-01", dnsProvider: "hetzner" };
    expect(check("certificate", set({ ...overDns, httpPort: "8080" }))).toMatchObject({
      status: "ok",
      found: "validated by records at hetzner",
    });
    const publicPorts = [{ port: 80, state: "filtered" as const }];
    expect(check("firewall", { publicPorts, ...set(overDns) })).toMatchObject({ status: "warning" });
  });

  test("should name storage for off-site backups, except for a stack on this machine", () => {
    expect(check("off-site backups", set({ backupS3Endpoint: "" }))).toMatchObject(
      bad("warning", "a loss of it loses them", "backupS3Endpoint"),
    );
    const named = { backupS3Endpoint: "https://s3.example.org", backupS3Bucket: "antone-backups" };
    expect(check("off-site backups", set(named))).toMatchObject({
      status: "ok",
      found: "antone-backups at https://s3.example.org",
    });
    expect(check("off-site backups", set({ serverHost: "" }))).toBeUndefined();
  });

  test("reject plain-text secrets without showing them", () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-doctor-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n  shop:backupPassphrase: too short\n");
    const { problems } = readSettings({ project: { folder, name: "shop", backend: "" }, name: "prod" });
    rmSync(folder, { recursive: true });
    expect(problems).toEqual([
      "backupPassphrase must have at least 20 characters",
      "backupPassphrase is in plain text, without --secret",
    ]);
  });

  test("are read from the files as Pulumi reads them: defaults, prefix, secrets, lists", () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-doctor-"));
    const project = { folder, name: "shop", backend: "file:///nowhere" };
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: shop\nconfig:\n  pulumi:autonaming: {value: {}}\n  httpPort: {type: integer, default: 8000}\n  databasePort: {type: integer, default: 0}\n  smtpPort: {default: 25}\n",
    );
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      'config:\n  shop:serverHost: "203.0.113.7"\n  shop:databasePort: 5433\n  shop:tls: maybe\n  shop:registryPassword:\n    secure: v1:abc\n  shop:allowedHosts: [a.example, b.example]\n',
    );
    const read = readSettings({ project, name: "prod" });
    const missing = readSettings({ project, name: "dev" });
    rmSync(folder, { recursive: true });
    expect(read.values).toMatchObject({
      serverHost: "203.0.113.7",
      httpPort: "8000",
      serverUser: "root",
      registryPassword: "",
    });
    expect(read.values["allowedHosts"]).toBe('["a.example","b.example"]');
    expect(read).toMatchObject({ secrets: ["registryPassword"], toolPorts: { databasePort: 5433 }, exists: true });
    expect(read.problems).toEqual(["tls must be off, own, self-signed or acme, but is maybe"]);
    expect(missing).toMatchObject({ exists: false, problems: [], toolPorts: {} });
  });
});

describe("the connection to the server", () => {
  test("refuses another host key", () => {
    const seen = judge({
      ...well,
      ...failed("No ED25519 host key is known for 203.0.113.7\nHost key verification failed."),
    });
    expect(seen.find(({ name }) => name === "host key")).toMatchObject(
      bad("problem", "does not match serverHostKey", "man-in-the-middle attack"),
    );
    expect(seen.find(({ name }) => name === "sign-in")).toMatchObject({ status: "skipped" });
  });

  test.each([
    ["ubuntu@203.0.113.7: Permission denied (publickey).", "authorized_keys"],
    ["command-line line 0: keyword identityfile extra arguments at end of line", "without spaces"],
    ["ssh: Could not resolve hostname x: Name or service not known", "serverHost"],
    ["This account is currently not available.", "chsh -s /bin/bash"],
    ["ssh: connect to host 203.0.113.7 port 22: Connection timed out", "firewall"],
    ["Load key: error in libcrypto", "chmod 600"],
  ])("fails with ssh's message: %s", (said, advice) => {
    expect(check("sign-in", failed(said))).toMatchObject(bad("problem", said.slice(0, 10), advice));
  });

  test("F21, F44: may have any login shell, which should print nothing", () => {
    expect(check("login shell", at({ loginOutput: "hello" }))).toMatchObject(bad("warning", "hello", "interactive"));
    for (const shell of ["/usr/bin/fish", "/bin/tcsh", "/bin/zsh"]) {
      expect(check("login shell", at({ shell }))).toMatchObject({ status: "ok", found: shell });
    }
  });
});

const denied = { ...server.docker, version: undefined, error: "permission denied" };

describe("the server", () => {
  test("requires passwordless sudo without a terminal where the account may not use Docker without it", () => {
    const refused = (sudoError: string) => check("sudo", at({ sudo: "none", sudoError, docker: denied }));
    expect(refused("sudo: a password is required")).toMatchObject(bad("problem", "password", "NOPASSWD"));
    expect(refused("sudo: sorry, you must have a tty to run sudo")).toMatchObject(
      bad("problem", "requiretty", "!requiretty"),
    );
    expect(refused("")).toMatchObject(bad("problem", "ubuntu cannot use sudo", "serverUser root --stack prod"));
    expect(check("sudo", at({ sudo: "root" }))).toMatchObject({ status: "ok" });
    expect(check("sudo", at({ sudo: "password" }))).toMatchObject({ status: "ok" });
    expect(check("sudo", at({ sudo: "none", sudoError: "sudo: a password is required" }))).toMatchObject(
      bad(
        "warning",
        "may use Docker, but not sudo",
        "Docker's configuration, its start after a reboot and sshd's limits",
      ),
    );
  });

  test("F26: may have accounts of a directory, and accounts whose names contain a dot", () => {
    expect(check("account", at({ inPasswd: false }))).toMatchObject({
      status: "ok",
      found: expect.stringContaining("directory"),
    });
    // sudo ignores files in sudoers.d whose names contain a dot.
    const refused = at({
      account: "john.doe",
      sudo: "none",
      sudoError: "sudo: a password is required",
      docker: denied,
    });
    expect(check("sudo", refused)).toMatchObject(
      bad("problem", "john.doe may not use sudo without a password", "'john.doe ALL=.*sudoers.d/berth;"),
    );
  });

  test("requires a distribution with apt and systemd, and a kernel that can migrate connections", () => {
    expect(check("distribution", at({ has: new Set(["systemctl"]) }))).toMatchObject(bad("problem", "Ubuntu", "22.04"));
    const old = { id: "ubuntu", version: "20.04", name: "Ubuntu 20.04" };
    expect(check("distribution", at({ system: old }))).toMatchObject(bad("warning", "20.04", "22.04"));
    expect(check("kernel", at({ lacks: ["memory"] }))).toMatchObject(
      bad("problem", "without the cgroup controllers memory", "cgroup_enable=memory"),
    );
    expect(check("kernel", at({ has: new Set(["apt-get"]), kernel: "5.4.0" }))).toMatchObject(
      bad("problem", "5.4.0", "5.14"),
    );
  });

  test("may be running its own updates, which matters only when packages must be installed", () => {
    const aptLock = { pid: "812", program: "unattended-upgr" };
    expect(check("package manager", at({ aptLock }))).toMatchObject({ status: "ok" });
    expect(check("package manager", at({ aptLock, docker: { ...server.docker, version: undefined } }))).toMatchObject(
      bad("warning", "unattended-upgr \\(process 812\\)", "cloud-init"),
    );
  });

  test.each([
    [0, "ok"],
    [30, "ok"],
    [-31, "warning"],
    [300, "warning"],
    [-301, "problem"],
  ])("reports a clock %i s ahead as %s", (clockAhead, status) => {
    expect(check("clock", at({ clockAhead }))).toMatchObject({ status, advised: status !== "ok" });
  });

  test("requires free disk space", () => {
    const free = (free: number) => check("disk", at({ disk: { free, total: 20_000_000 } }));
    expect(free(1_000_000)).toMatchObject(bad("problem", "1.0 of 19.1 GiB", "docs/operations.md"));
    expect(free(4_000_000)).toMatchObject(bad("warning", "3.8", "space"));
    expect(check("inodes", at({ inodes: { free: 10_000, total: 1_000_000 } }))).toMatchObject(
      bad("problem", "10000", "df -i"),
    );
    expect(check("inodes", at({ inodes: { free: 100_000, total: 1_000_000 } }))).toMatchObject({ status: "warning" });
    expect(check("inodes", at({ inodes: undefined }))).toMatchObject({ status: "skipped" });
  });

  test("requires enough memory for the limits of its containers", () => {
    const memory = (total: number) => check("memory", at({ memory: { total, available: total / 2 } }));
    expect(memory(400_000)).toMatchObject(bad("problem", "0.4 GiB", "1 GiB or more"));
    expect(memory(900_000)).toMatchObject(bad("warning", "0.9 GiB", "swap"));
    const large = {
      ...at({ memory: { total: 2_000_000, available: 1_500_000 } }),
      ...set({ databaseMemoryMb: "4096" }),
    };
    expect(check("memory", large)).toMatchObject(bad("warning", "4736 MiB", "lower"));
  });

  test("F14: may have many processors, as the number of nginx's workers depends on its limits", () => {
    expect(check("processors", at({ processors: 48 }))).toMatchObject({ status: "ok", found: "48" });
  });
});

describe("Docker", () => {
  test("may be missing, and the deployment installs it", () => {
    expect(check("Docker", docker({ version: undefined, programs: {} }))).toMatchObject({ status: "ok" });
    expect(check("Docker", docker({ version: undefined, programs: { dockerd: "/usr/sbin/dockerd" } }))).toMatchObject({
      status: "ok",
      found: "installed without the command docker; the first deployment installs docker-cli",
    });
  });

  test("must come from packages, not from snap, and must not be Podman", () => {
    expect(check("Docker")).toMatchObject({ status: "ok", found: "28.2.2 (docker.io, from the distribution)" });
    const own = at({ packages: { "docker-ce": "29.1" } });
    expect(check("Docker", own)).toMatchObject({ status: "ok", found: expect.stringContaining("docker-ce") });
    expect(check("Docker", docker({ snap: true }))).toMatchObject(bad("problem", "from snap", "snap remove docker"));
    expect(check("Docker", at({ packages: { "podman-docker": "4" } }))).toMatchObject(
      bad("problem", "Podman", "podman-docker"),
    );
  });

  test("with the containerd image store must be able to build into it, unless images are built elsewhere", () => {
    const engine = (version: string) => docker({ version, containerdStore: true });
    expect(check("Docker", engine("27.4.1"))).toMatchObject(bad("problem", "containerd image store", "Before 27.5"));
    expect(check("Docker", engine("27.5.0"))).toMatchObject({ status: "ok" });
    const toInstall = (candidate: string, daemonJson: string) =>
      docker({ version: undefined, programs: {}, candidate, daemonJson });
    const inStore = '{"features":{"containerd-snapshotter":true}}';
    expect(check("Docker", toInstall("26.1.5+dfsg1-9+b9", inStore))).toMatchObject(
      bad("problem", "would install docker.io 26.1.5.*containerd image store", "Before 27.5"),
    );
    expect(check("Docker", toInstall("28.2.2-0ubuntu1", inStore))).toMatchObject({ status: "ok" });
    expect(check("Docker", toInstall("20.10.24+dfsg1-1", inStore))).toMatchObject({ status: "ok" });
    expect(check("Docker", toInstall("26.1.5+dfsg1-9+b9", "{}"))).toMatchObject({ status: "ok" });
    const elsewhere = { ...engine("26.1.5"), ...set({ registryAddress: "ghcr.io/acme" }) };
    expect(check("Docker", elsewhere)).toMatchObject({ status: "ok" });
  });

  test("must respond and be recent enough", () => {
    const silent = (error: string) => check("Docker", docker({ version: undefined, error }));
    expect(silent("Cannot connect to the Docker daemon")).toMatchObject(bad("problem", "Cannot connect", "journalctl"));
    expect(silent("permission denied while trying to connect")).toMatchObject(
      bad("warning", "permission", "group docker"),
    );
    expect(check("Docker", docker({ version: "19.03.15" }))).toMatchObject(bad("problem", "19.03.15", "20.10"));
    expect(check("Docker", docker({ version: "20.10.24+dfsg1" }))).toMatchObject({ status: "ok" });
  });

  test("F37: must be the system's engine", () => {
    const rootless = docker({ rootless: true, context: "unix:///run/user/1000/docker.sock" });
    expect(check("Docker", rootless)).toMatchObject(bad("problem", "rootless", "docker context use default"));
    expect(check("Docker", docker({ context: "unix:///run/other.sock" }))).toMatchObject(
      bad("problem", "other.sock", "docker context use default"),
    );
    expect(check("Docker", docker({ podman: true }))).toMatchObject(bad("problem", "Podman", "podman.socket"));
    expect(check("Docker", docker({ context: "" }))).toMatchObject({ status: "ok" });
  });

  test("F13c: may be in Swarm mode, with which live-restore is left out", () => {
    expect(check("Swarm mode", docker({ swarm: "active" }))).toMatchObject(bad("warning", "active", "swarm leave"));
    expect(check("engine settings", docker({ swarm: "active" }))).toMatchObject({
      status: "ok",
      found: expect.stringContaining("leaves out live-restore"),
    });
    expect(check("Swarm mode", docker({ swarm: "inactive" }))).toMatchObject({ status: "ok" });
  });

  test.each([
    ["{ nonsense", "not a JSON object", "Correct"],
    ["[]", "not a JSON object", "Correct"],
    ['{"log-driver": "json-file", "log-opts": {"gelf-address": "udp://x"}}', "gelf-address", "no such option"],
    ['{"log-opts": {"gelf-address": "udp://x"}}', "gelf-address", "no such option"],
  ])("could not start with a daemon.json such as %s", (daemonJson, found, advice) => {
    expect(check("daemon.json", docker({ daemonJson }))).toMatchObject(bad("problem", found, advice));
  });

  test("keeps the other settings of daemon.json", () => {
    const daemonJson = '{"data-root": "/data", "log-driver": "json-file", "log-opts": {"max-size": "1m", "tag": "x"}}';
    expect(check("daemon.json", docker({ daemonJson }))).toMatchObject({
      status: "ok",
      found: expect.stringContaining("data-root"),
    });
  });

  test("F13a: keeps another log driver and its options", () => {
    const gelf = docker({ daemonJson: '{"log-driver": "gelf", "log-opts": {"gelf-address": "udp://x"}}' });
    expect(check("daemon.json", gelf)).toMatchObject({ status: "ok" });
    expect(check("engine settings", gelf)).toMatchObject({
      status: "ok",
      found: expect.stringContaining("log-driver (the engine logs with gelf)"),
    });
    const byFlag = docker({ daemonJson: '{"log-opts": {"gelf-address": "x"}}', unit: "dockerd --log-driver=gelf" });
    expect(check("daemon.json", byFlag)).toMatchObject({ status: "ok" });
  });

  test("F13b: keeps flags of dockerd, and leaves out settings that are flags", () => {
    const flags = docker({ unit: "ExecStart=/usr/bin/dockerd -H fd:// --live-restore" });
    expect(check("engine settings", flags)).toMatchObject({
      status: "ok",
      found: "a deployment leaves out live-restore (dockerd starts with --live-restore)",
    });
    const mirror = docker({ unit: "ExecStart=/usr/bin/dockerd --registry-mirror=http://10.0.0.5:5000" });
    expect(check("engine settings", mirror)?.found).toContain("none of Berth's settings clashes");
    const both = { ...mirror, ...set({ registryMirrors: '["http://10.0.0.5:5000"]' }) };
    expect(check("engine settings", both)?.found).toContain("registry-mirrors");
  });

  test("F13d: keeps the privileges of others' containers", () => {
    const others = at({ containers: [{ name: "proxy", project: "", stack: "", ports: "" }] });
    expect(check("engine settings", others)?.found).toContain("leaves out no-new-privileges");
    const stacks = at({ containers: [{ name: "web", project: "shop", stack: "prod", ports: "" }] });
    expect(check("engine settings", stacks)?.found).toContain("none");
  });
});

describe("ports", () => {
  const listens = (address: string, port: number, program: string, unit = "") =>
    at({ listeners: [{ address, port, program, unit }] });
  const publishes = (ports: string, stack = "", project = "") =>
    at({ containers: [{ name: "proxy", project, stack, ports }] });

  test("in use by a program are reported with the program's name", () => {
    expect(check("port 80", listens("*", 80, "apache2"))).toMatchObject(
      bad("problem", "in use by apache2", "config set httpPort … --stack prod"),
    );
    expect(check("port 80", listens("*", 80, "nginx", "nginx.service"))).toMatchObject(
      bad("problem", "in use by nginx \\(nginx.service\\)", "Stop it"),
    );
    expect(check("port 80", listens("0.0.0.0", 80, ""))).toMatchObject(bad("problem", "only root can see", "Stop it"));
    expect(check("port 80", listens("127.0.0.1", 8080, "node"))).toBeUndefined();
  });

  test("in use on another address are free", () => {
    const local = { ...listens("192.0.2.1", 80, "apache2"), ...set({ httpAddress: "127.0.0.1" }) };
    expect(check("ports", local)).toMatchObject({ status: "ok" });
    const both = set({ httpAddress: "0.0.0.0,::" });
    expect(check("ports", listens("::1", 80, "apache2"))).toMatchObject({ status: "ok" });
    expect(check("port 80", { ...listens("::1", 80, "apache2"), ...both })).toMatchObject({ status: "problem" });
    expect(check("ports", publishes("[::]:80->80/tcp"))).toMatchObject({ status: "ok" });
    expect(check("port 80", { ...publishes(":::80->80/tcp"), ...both })).toMatchObject({ status: "problem" });
  });

  test("in use by a container are reported with its name, unless it belongs to the stack", () => {
    const all = "0.0.0.0:80->80/tcp, [::]:80->80/tcp";
    expect(check("port 80", publishes(all))).toMatchObject(bad("problem", "the container proxy", "Stop it"));
    expect(check("port 80", publishes(all, "web", "shop"))).toMatchObject(
      bad("problem", "the stack web of shop", "Stop it"),
    );
    expect(check("port 80", publishes("0.0.0.0:70-90->70-90/tcp"))).toMatchObject({ status: "problem" });
    expect(check("ports", publishes(all, "prod", "mailtracker"))).toMatchObject({ status: "ok" });
    expect(check("ports", publishes("80/tcp"))).toMatchObject({ status: "ok" });
    expect(check("ports", publishes("0.0.0.0:80->80/udp"))).toMatchObject({ status: "ok" });
  });

  describe("that stacks share", () => {
    const ports = "0.0.0.0:80->80/tcp, 0.0.0.0:443->443/tcp";
    const routes = [{ project: "shop", stack: "web", names: ["shop.example.org", "mail.example.org"] }];
    const door = at({ containers: [{ name: "berth-door-sandbox", project: "", stack: "", ports }], routes });
    const shared = set({ frontDoor: "true" });

    test("belong to the front door, which the stack can share", () => {
      expect(check("port 80", door)).toMatchObject(
        bad("problem", "the front door of the stacks web of shop", "config set frontDoor true --stack prod"),
      );
    });

    test("are free for a stack behind the front door, but not the name of another stack's site", () => {
      const other = { ...door, ...shared, ...set({ frontDoor: "true", siteName: "other.example.org" }) };
      expect(check("ports", other)).toMatchObject({ status: "ok" });
      expect(check("name mail.example.org", { ...door, ...shared })).toMatchObject(
        bad("problem", "the site of the stack web of shop", "another name"),
      );
      const own = [{ project: "mailtracker", stack: "prod", names: ["mail.example.org"] }];
      expect(check("name mail.example.org", { ...at({ routes: own }), ...shared })).toBeUndefined();
    });

    test("are both needed by the front door, also without HTTPS", () => {
      expect(check("port 443", { ...listens("*", 443, "caddy"), ...shared })).toMatchObject(
        bad("problem", "in use by caddy", "the front door needs the port"),
      );
      expect(check("port 443", { ...publishes(ports, "web", "shop"), ...shared })).toMatchObject(
        bad("problem", "the stack web of shop", "frontDoor to true in that stack"),
      );
    });
  });

  test("for HTTPS and tools are checked when the stack uses them", () => {
    expect(check("port 443", listens("*", 443, "caddy"))).toBeUndefined();
    expect(check("port 443", { ...listens("*", 443, "caddy"), ...set({ tls: "self-signed" }) })).toMatchObject({
      status: "problem",
    });
    const tool = { ...listens("127.0.0.1", 5433, "postgres"), ...set({}, { toolPorts: { databasePort: 5433 } }) };
    expect(check("port 5433", tool)).toMatchObject(bad("problem", "postgres", "databasePort"));
  });

  test("that drop packets are behind a firewall", () => {
    const publicPorts = [{ port: 80, state: "filtered" as const }];
    expect(check("firewall", { publicPorts })).toMatchObject(bad("warning", "port 80", "security group"));
    expect(check("firewall", { publicPorts, ...set({ tls: "acme" }) })).toMatchObject({ status: "problem" });
    expect(check("firewall", at({ firewalls: ["ufw"] }))).toMatchObject({
      status: "ok",
      found: expect.stringContaining("ufw active"),
    });
  });
});

describe("DNS", () => {
  const dns = (name: Partial<Facts["names"][number]>, values: Record<string, string> = {}) =>
    check("DNS of mail.example.org", {
      names: [{ name: "mail.example.org", a: [], aaaa: [], error: undefined, ...name }],
      ...set(values),
    });

  test("must resolve the name, especially for a certificate authority", () => {
    expect(dns({ error: "ENOTFOUND" })).toMatchObject(bad("warning", "ENOTFOUND", "A 203.0.113.7"));
    expect(dns({ error: "ENOTFOUND" }, { tls: "acme" })).toMatchObject({ status: "problem" });
    expect(dns({ error: "ENOTFOUND" }, { tls: "acme", acmeChallenge: "dns-01" })).toMatchObject({ status: "warning" });
  });

  test("must resolve to the server, over IPv4 and IPv6", () => {
    expect(dns({ a: ["203.0.113.7"] })).toMatchObject({ status: "ok" });
    expect(dns({ a: ["198.51.100.1"] })).toMatchObject(
      bad("warning", "198.51.100.1 is not an address of the server", "proxy"),
    );
    expect(dns({ a: ["198.51.100.1"] }, { tls: "acme" })).toMatchObject({ status: "problem" });
    expect(dns({ a: ["203.0.113.7"], aaaa: ["2001:db8::9"] })).toMatchObject(bad("warning", "2001:db8::9", "AAAA"));
  });

  test("F15: with an AAAA record requires a site that listens on IPv6", () => {
    const both = { a: ["203.0.113.7"], aaaa: ["2001:db8:0::7"] };
    expect(dns(both)).toMatchObject(bad("warning", "IPv4 only", "AAAA"));
    expect(dns(both, { httpAddress: "::" })).toMatchObject({ status: "ok" });
  });

  test("with an AAAA record requires a Docker with which the front door listens on IPv6", () => {
    const names = [{ name: "mail.example.org", a: ["203.0.113.7"], aaaa: ["2001:db8::7"], error: undefined }];
    const withEngine = (version: string) =>
      check("DNS of mail.example.org", {
        ...set({ frontDoor: "true" }),
        ...at({ docker: { ...server.docker, version } }),
        names,
      });
    expect(withEngine("28.2.2")).toMatchObject({ status: "ok" });
    expect(withEngine("26.1.5+dfsg1")).toMatchObject(
      bad("warning", "IPv4 only with Docker 26.1.5", "update Docker to 27"),
    );
  });
});

describe("the registry", () => {
  const registry = (
    other: Partial<NonNullable<Facts["registry"]>>,
    secrets = ["registryPassword"],
  ): Partial<Facts> => ({
    registry: { address: "registry.example.org", result: "signed in", detail: "", ...other },
    ...set({ registryAddress: "registry.example.org", registryUsername: "deploy" }, { secrets }),
    builder: server,
  });

  test("must accept the account and its password", () => {
    expect(check("registry", registry({}))).toMatchObject({ status: "ok" });
    expect(check("registry", registry({ result: "refused", detail: "HTTP status 401" }))).toMatchObject(
      bad("problem", "refuses deploy", "--secret registryPassword --stack prod"),
    );
    expect(check("registry", registry({ result: "unreachable", detail: "ECONNREFUSED" }))).toMatchObject(
      bad("problem", "ECONNREFUSED", "registryAddress"),
    );
    expect(check("registry", registry({ result: "unknown" }, []))).toMatchObject(
      bad("problem", "unknown", "--secret registryPassword"),
    );
  });

  test("with repositories per owner requires an owner", () => {
    expect(check("registry", registry({ address: "ghcr.io" }))).toMatchObject(
      bad("problem", "requires an owner", "ghcr.io/<owner>"),
    );
    expect(check("registry", registry({ address: "ghcr.io/acme" }))).toMatchObject({ status: "ok" });
  });

  test("requires a local Docker of the server's architecture", () => {
    expect(check("Docker for builds", registry({}))).toMatchObject({ status: "ok" });
    expect(check("Docker for builds", { ...registry({}), builder: undefined })).toMatchObject({ status: "problem" });
    expect(check("architecture", { ...registry({}), ...workstation({ architecture: "arm64" }) })).toMatchObject(
      bad("problem", "aarch64, the server is x86_64", "exec format error"),
    );
  });
});

test("a registry that only a proxy reaches is not a problem, as Docker has its own proxy", () => {
  vi.stubEnv("https_proxy", "");
  vi.stubEnv("HTTPS_PROXY", "");
  expect(failure(new Error("no answer after 10 s"))).toEqual({ result: "unreachable", detail: "no answer after 10 s" });
  vi.stubEnv("HTTPS_PROXY", "http://proxy.example.org:3128");
  expect(failure(new Error("no answer after 10 s"))).toEqual({
    result: "unknown",
    detail: "cannot be reached without the proxy of HTTPS_PROXY (no answer after 10 s)",
  });
  vi.unstubAllEnvs();
});

describe("signing in to a registry", () => {
  const login = "deploy:the right one";
  let authority: string;
  let server: HttpsServer;
  let host: string;
  /** Headers of the requests that contained a password. */
  let received: string[];

  beforeAll(async () => {
    const { certificate, key } = await selfSignedCertificate("localhost");
    authority = join(mkdtempSync(join(tmpdir(), "berth-doctor-")), "ca.pem");
    writeFileSync(authority, certificate);
    server = createServer({ cert: certificate, key }, (request, response) => answer(request, response)).listen(0);
    await once(server, "listening");
    const address = server.address();
    host = `localhost:${typeof address === "object" ? address?.port : ""}`;
  });
  beforeEach(() => {
    received = [];
    process.env.SSL_CERT_FILE = authority;
  });
  afterEach(() => {
    delete process.env.SSL_CERT_FILE;
  });
  afterAll(() => {
    server.close();
    rmSync(dirname(authority), { recursive: true });
  });

  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const basic = `Basic ${Buffer.from(login).toString("base64")}`;

  test("works with name and password", async () => {
    answer = ({ headers }, response) => {
      if (headers.authorization) received.push(headers.authorization);
      response.writeHead(headers.authorization === basic ? 200 : 401, { "www-authenticate": 'Basic realm="x"' }).end();
    };
    expect(await signIn(host, login)).toEqual({ result: "signed in", detail: "" });
    expect(received).toEqual([basic]);
    expect(await signIn(host, "deploy:a wrong one")).toEqual({ result: "refused", detail: "HTTP status 401" });
  });

  test("works with a token, and sends the password only to get it", async () => {
    answer = ({ headers, url }, response) => {
      received.push(`${url} ${headers.authorization ?? "nothing"}`);
      if (url === "/token?service=shop") {
        return response.writeHead(headers.authorization === basic ? 200 : 401).end('{"token":"t"}');
      }
      const wants = `Bearer realm="https://${host}/token",service="shop"`;
      return response.writeHead(headers.authorization === "Bearer t" ? 200 : 401, { "www-authenticate": wants }).end();
    };
    expect(await signIn(host, login)).toEqual({ result: "signed in", detail: "" });
    expect(received).toEqual(["/v2/ nothing", `/token?service=shop ${basic}`, "/v2/ Bearer t"]);
    expect(await signIn(host, "deploy:a wrong one")).toMatchObject({ result: "refused" });
  });

  test("never sends the password without TLS", async () => {
    answer = (_, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://127.0.0.1:1/token"' }).end();
    };
    expect(await signIn(host, login)).toMatchObject({ result: "refused" });
  });

  test("fails with an unknown certificate", async () => {
    delete process.env.SSL_CERT_FILE;
    await expect(signIn(host, login)).rejects.toThrow(/certificate/);
  });
});

describe("base images", () => {
  const image = (other: Partial<Server["images"][number]>) =>
    at({ images: [{ name: "nginx:alpine", found: "present", nginx: undefined, ...other }] });

  test("that were pulled long ago or cannot be pulled are reported", () => {
    expect(check("image nginx:alpine", image({ nginx: "1.27.4" }))).toMatchObject(
      bad("problem", "nginx 1.27.4", "docker pull nginx:alpine"),
    );
    expect(check("image nginx:alpine", image({ found: "refused" }))).toMatchObject(
      bad("problem", "cannot pull", "docker login"),
    );
    expect(check("base images", image({ found: "unknown" }))).toMatchObject(bad("warning", "nginx:alpine", "curl"));
    expect(check("base images", image({ nginx: "1.29.3" }))).toMatchObject({ status: "ok" });
  });

  test("are those of the project's Dockerfiles, without stages and projects in subfolders", () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-dockerfiles-"));
    const write = (file: string, text: string) => {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    const dockerfile =
      "ARG V=3\nFROM --platform=linux/amd64 python:3.11-slim AS base\nFROM base\nfrom node\nFROM a.example:5000/b AS c\nFROM scratch\nFROM x:$V\nFROM y:$UNKNOWN\n";
    write("backend/Dockerfile", dockerfile);
    write("web/app.Dockerfile", "FROM nginx:alpine\nFROM node\n");
    write("node_modules/a/Dockerfile", "FROM a\n");
    write("examples/other/Pulumi.yaml", "name: other\n");
    write("examples/other/Dockerfile", "FROM b\n");
    expect(baseImagesOf(folder)).toEqual(["a.example:5000/b", "nginx:alpine", "node", "python:3.11-slim", "x:3"]);
    rmSync(folder, { recursive: true });
  });

  const locked = { digest: `sha256:${"0a".repeat(32)}`, resolved: "2026-01-02" };
  const looked = (other: Partial<Facts["baseImages"][number]>): Partial<Facts> => ({
    baseImages: [
      { image: "nginx:alpine", state: "current", before: locked, reason: "", unreachable: false, ended: [], ...other },
    ],
  });

  test("that are newer in their registry than in the lock are named, with the command that updates them", () => {
    expect(check("base image updates", looked({}))).toMatchObject({ status: "ok" });
    expect(check("base image updates", looked({ state: "newer" }))).toMatchObject(
      bad("warning", "nginx:alpine", "npx berth update --stack prod"),
    );
    expect(check("base image updates", looked({ state: "unknown", reason: "ENOTFOUND" }))).toMatchObject({
      status: "skipped",
      found: "no registry answers: ENOTFOUND",
    });
    expect(check("base image updates", looked({ state: "new", before: undefined }))).toMatchObject({
      status: "skipped",
      found: expect.stringContaining("no berth.lock yet"),
    });
  });

  test("whose support has ended are named", () => {
    const ended = looked({ image: "postgres:13", ended: ["PostgreSQL 13 is not supported since 2025-11-13"] });
    expect(check("image postgres:13", ended)).toMatchObject(bad("warning", "since 2025-11-13", "later version"));
  });

  test("that a configured mirror may provide are not checked before the deployment", () => {
    const mirrored = { ...set({ registryMirrors: '["http://10.0.0.5:5000"]' }), ...image({ found: "refused" }) };
    expect(check("base images", mirrored)).toMatchObject({ status: "skipped" });
    expect(check("image nginx:alpine", image({ found: "refused" }))).toMatchObject({ status: "problem" });
  });
});

test("a stack on this machine gets the checks that apply to it", () => {
  const here: Partial<Facts> = {
    connection: { kind: "local", stderr: "" },
    ...set({ serverHost: "" }),
    names: [],
    publicPorts: [],
  };
  for (const name of ["ssh", "host key", "sign-in", "sudo", "daemon.json", "DNS", "firewall", "clock"]) {
    expect(check(name, here), name).toMatchObject({ status: "skipped" });
  }
  expect(check("Docker", here)).toMatchObject({ status: "ok" });
  expect(check("Docker", { ...here, ...docker({ version: undefined, error: "Cannot connect" }) })).toMatchObject(
    bad("problem", "Cannot connect", "serverHost"),
  );
  expect(
    check("port 80", { ...here, ...at({ listeners: [{ address: "*", port: 80, program: "nginx", unit: "" }] }) }),
  ).toMatchObject({
    status: "problem",
  });
});

test("F16: a stack on this machine uses the engine of the command docker", () => {
  const here: Partial<Facts> = { connection: { kind: "local", stderr: "" }, ...set({ serverHost: "" }) };
  const desktop = docker({ context: "unix:///home/anna/.docker/desktop/docker.sock" });
  expect(check("Docker", { ...here, ...desktop })).toMatchObject({
    status: "ok",
    found: "28.2.2 at unix:///home/anna/.docker/desktop/docker.sock",
  });
  const rootless = docker({ rootless: true, context: "unix:///run/user/1000/docker.sock" });
  expect(check("Docker", { ...here, ...rootless })).toMatchObject({
    status: "ok",
    found: "28.2.2, rootless at unix:///run/user/1000/docker.sock",
  });
});

describe("the server's output", () => {
  const SCRIPT = readFileSync("components/remote/scripts/doctor.sh", "utf8");

  test("is parsed", () => {
    const began = Date.now();
    const { stdout } = execaSync("sh", ["-c", withPreamble(SCRIPT), "sh", "mailtracker", "prod"], {
      env: { SSH_CONNECTION: "192.0.2.9 50000 203.0.113.7 22" },
    });
    const seen = parseServer(stdout, { began, ended: Date.now() });
    expect(seen).toMatchObject({ clockAhead: 0, account: expect.stringMatching(/^\w/) });
    expect(seen?.addresses).toContain("203.0.113.7");
    expect(seen?.disk?.free).toBeGreaterThan(0);
  });

  test("is ignored when it is truncated or no script ran", () => {
    const clock = { began: 0, ended: 1000 };
    expect(parseServer("berth-doctor 1\nsudo root\n", clock)).toBeUndefined();
    expect(parseServer("This account is currently not available.\n", clock)).toBeUndefined();
  });

  test("gives the clock difference beyond the duration of the call", () => {
    const ahead = (server: number) =>
      parseServer(`berth-doctor ${server}\nend\n`, { began: 1_000_000, ended: 1_004_000 })?.clockAhead;
    expect([ahead(1000), ahead(1004), ahead(1100), ahead(900)]).toEqual([0, 0, 96, -100]);
  });

  test("contains listeners of both families, locks, packages and containers", () => {
    const text = Buffer.from("Status: active").toString("base64");
    const seen = parseServer(
      `berth-doctor 1000\nlacks memory\ndriver [[driver-type io.containerd.snapshotter.v1]]\nlistens [::]:443 nginx|nginx.service\nlistens 127.0.0.53%lo:53 systemd-resolve\nlistens *:80 caddy|\nlistens :::81 old|\napt-lock 812 unattended-upgr\npackage docker-ce 5:29.1\ncandidate 26.1.5+dfsg1-9+b9\nufw ${text}\nfirewall firewalld\ncontainer a-1|shop|web|0.0.0.0:80->80/tcp, [::]:80->80/tcp\nstack-containers 0\nimage nginx:alpine present 1.27.4\nimage x:1 404\nimage y:1 200\nimage z:1 unknown\ndisk 1 2\ndisk 3 4\nend\n`,
      { began: 1_000_000, ended: 1_000_000 },
    );
    expect(seen).toMatchObject({
      lacks: ["memory"],
      docker: { containerdStore: true, candidate: "26.1.5+dfsg1-9+b9" },
      listeners: [
        { address: "::", port: 443, program: "nginx", unit: "nginx.service" },
        { address: "127.0.0.53", port: 53, program: "systemd-resolve", unit: "" },
        { address: "*", port: 80, program: "caddy", unit: "" },
        { address: "*", port: 81, program: "old", unit: "" },
      ],
      aptLock: { pid: "812", program: "unattended-upgr" },
      packages: { "docker-ce": "5:29.1" },
      firewalls: ["firewalld", "ufw"],
      containers: [{ name: "a-1", project: "shop", stack: "web", ports: "0.0.0.0:80->80/tcp, [::]:80->80/tcp" }],
      images: [
        { found: "present", nginx: "1.27.4" },
        { found: "refused" },
        { found: "available" },
        { found: "unknown" },
      ],
      disk: { free: 3, total: 4 },
    });
  });
});

test("the output is a table with advice and a summary sentence", () => {
  const checks = judge({ ...well, ...docker({ version: "19.03.15" }) });
  const text = asText({ stack: "prod", ok: false, checks });
  expect(text).toMatch(/^problem +Docker +19\.03\.15 /m);
  expect(text).toMatch(/^ {2}Docker: Upgrade Docker to 20\.10 or later\.$/m);
  expect(text).toMatch(/1 problem prevents the deployment of the stack prod; 0 warnings\.$/);
});
