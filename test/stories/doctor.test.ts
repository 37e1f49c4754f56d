import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../servers/docker";
import { PrivateRegistry } from "../servers/registry";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";

let server: StandInServer;
let deployment: Deployment;
let settings: Record<string, unknown>;

beforeAll(async () => {
  server = await StandInServer.start({ name: "doctor", bare: true });
  // sudo records once that an account used it, for any caller.
  await server.exec("su ubuntu -c 'sudo -n true'");
  settings = { ...server.settings, serverUser: "ubuntu", siteName: "berth-doctor.invalid" };
  deployment = await Deployment.copy("doctor", settings);
});

afterAll(async () => {
  await server.stop();
  deployment.remove();
});

interface Check {
  name: string;
  status: string;
  found: string;
  advice: string;
}

/** The findings of `berth doctor`, by the names of its checks. */
async function doctor() {
  const { output, exitCode } = await deployment.berth("doctor", "--json");
  const { stack, ok, checks }: { stack: string; ok: boolean; checks: Check[] } = JSON.parse(output);
  expect(stack).toBe(deployment.stack);
  return { exitCode, ok, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

/** Everything a deployment would change on a server. */
function traces(): Promise<string> {
  return server.exec(
    "dpkg -l | wc -l; ls -d /etc/docker /etc/ssh/sshd_config.d/* 2>&1; cat /etc/docker/daemon.json 2>&1; id ubuntu; ls -la /tmp /root /home/ubuntu; command -v docker jq || true",
  );
}

test("a bare server passes the checks for a first deployment, and is not changed", async () => {
  const before = await traces();
  expect(before).toContain("cannot access '/etc/docker'");
  const { exitCode, ok, checks } = await doctor();
  expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true });
  expect(checks["Docker"]).toMatchObject({ status: "ok", found: expect.stringContaining("not installed") });
  for (const name of ["sign-in", "host key", "key", "sudo", "account", "kernel", "clock", "ports", "settings"]) {
    expect(checks[name], name).toMatchObject({ name, status: "ok" });
  }
  expect(checks["DNS of berth-doctor.invalid"]).toMatchObject({ status: "warning" });
  expect(await traces()).toBe(before);
});

test("the same findings are printed as a table, without colours outside a terminal", async () => {
  const { output, exitCode } = await deployment.berth("doctor");
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^ok +sudo +without a password$/m);
  expect(output).toContain(`No check found a problem with the stack ${deployment.stack}`);
  expect(output).not.toContain("\u001b");
});

test("problems are reported with advice, and nothing is changed", async () => {
  await server.exec(
    'mkdir /etc/docker && echo \'{"log-opts":{"gelf-address":"x"}}\' >/etc/docker/daemon.json && systemd-run --quiet --unit=listener perl -MIO::Socket -e \'my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 1) or die; sleep 600\'',
  );
  await server.exec(
    "echo 'echo hello from the shell' | cat - /home/ubuntu/.bashrc >/tmp/rc && cat /tmp/rc >/home/ubuntu/.bashrc && rm /tmp/rc",
  );
  const before = await traces();
  const { exitCode, ok, checks } = await doctor();
  expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false });
  expect(checks["port 80"]).toMatchObject({ status: "problem", found: "in use by perl (listener.service)" });
  expect(checks["port 80"]?.advice).toContain(`--stack ${deployment.stack}`);
  expect(checks["daemon.json"]).toMatchObject({ status: "problem", found: "log-opts has gelf-address" });
  expect(checks["login shell"]).toMatchObject({ status: "warning" });
  expect(checks["sudo"]).toMatchObject({ status: "ok" });
  expect(await traces()).toBe(before);
});

test("an account without passwordless sudo is reported, without a prompt", async () => {
  await server.exec("mv /etc/sudoers.d/90-cloud-init-users /root/");
  const { checks } = await doctor();
  expect(checks["sudo"]).toMatchObject({ status: "problem", found: expect.stringContaining("password") });
  await server.exec("mv /root/90-cloud-init-users /etc/sudoers.d/");
});

test("a changed host key is refused before any command runs on the server", async () => {
  const other = mkdtempSync(join(tmpdir(), "berth-doctor-"));
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(other, "key")]);
  const impostor = await run("cat", [join(other, "key.pub")]);
  rmSync(other, { recursive: true });
  deployment.configure({ ...settings, serverHostKey: impostor });
  const { exitCode, checks } = await doctor();
  expect(exitCode).toBe(1);
  expect(checks["host key"]).toMatchObject({
    status: "problem",
    advice: expect.stringContaining("man-in-the-middle attack"),
  });
  expect(checks["sudo"]).toMatchObject({ status: "skipped" });
  deployment.configure(settings);
});

test("a key file that others can read is reported", async () => {
  chmodSync(server.keyFile, 0o644);
  const { exitCode, checks } = await doctor();
  chmodSync(server.keyFile, 0o600);
  expect(exitCode).toBe(1);
  expect(checks["key"]).toMatchObject({ status: "problem", advice: expect.stringContaining("chmod 600") });
});

test("a registry is signed in to with the password that Pulumi decrypts, and the password is shown nowhere", async () => {
  const registry = await PrivateRegistry.start();
  try {
    deployment.environment.SSL_CERT_FILE = registry.bundleFile;
    const { address, username, password } = registry;
    deployment.configure({ ...settings, registryAddress: address, registryUsername: username });
    await deployment.run("stack", "init", deployment.stack);
    await deployment.setSecret("registryPassword", password);
    const { checks } = await doctor();
    expect(checks["registry"]).toMatchObject({ status: "ok", found: `${address}: signed in` });
    expect(checks["passphrase"]).toMatchObject({ status: "ok", found: expect.stringContaining("decrypts") });
    expect(checks["architecture"]).toMatchObject({ status: "ok" });
    expect(checks["Docker for builds"]).toMatchObject({ status: "ok" });
    expect(JSON.stringify(checks)).not.toContain(password);

    await deployment.setSecret("registryPassword", "not the password");
    expect((await doctor()).checks["registry"]).toMatchObject({ status: "problem" });
  } finally {
    await registry.stop();
  }
});

test("a wrong passphrase for the stack is reported", async () => {
  deployment.write("passphrase", "another one");
  const { exitCode, checks } = await doctor();
  expect(exitCode).toBe(1);
  expect(checks["passphrase"]).toMatchObject({ status: "problem" });
});
