import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";

const FILE = "/etc/docker/daemon.json";
let server: StandInServer;
let deployment: Deployment;

beforeAll(async () => {
  server = await StandInServer.start({ name: "in-use", bare: true });
  deployment = await Deployment.create("in-use", { ...server.settings, serverUser: "ubuntu" });
});

afterAll(async () => {
  await server.stop();
  deployment.remove();
});

test("F13g: a port of another program is refused with its name, before anything is changed", async () => {
  await server.exec(
    "systemd-run --quiet --unit=other-site perl -MIO::Socket -e 'my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 1) or die; sleep 900'",
  );
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(output).toContain("port 80: in use by perl (other-site.service)");
  expect(await server.exec("command -v dockerd || echo untouched; systemctl is-active other-site")).toBe(
    "untouched\nactive",
  );
  await server.exec("systemctl stop other-site");
});

test("F01 and F13a: a held lock is awaited, and another log driver stays", async () => {
  await server.exec(`mkdir -p /etc/docker && echo '{"log-driver":"journald"}' >${FILE}`);
  // It holds the lock until the deployment waits for it.
  await server.exec(
    `systemd-run --quiet --unit=updates perl -MFcntl -e 'open(my $f, ">", "/var/lib/dpkg/lock-frontend") or die; my $lock = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $lock) or die; sleep 1 until qx(pgrep -u ubuntu -x sleep)'`,
  );
  const { failed, output } = await deployment.tryUp();
  expect(failed, output).toBe(false);
  expect(output).toContain("Waiting for the lock of apt and dpkg");
  expect(JSON.parse(await server.exec(`cat ${FILE}`))).toMatchObject({
    "log-driver": "journald",
    "live-restore": true,
  });
  expect(await server.docker("info", "--format", "{{.LoggingDriver}}")).toBe("journald");
});

test("F13: settings with which Docker does not start are taken back, and its containers keep running", async () => {
  // A setting that the engine only rejects at its start.
  await server.exec(
    `mkdir -p /etc/systemd/system/docker.service.d && printf '[Service]\\nExecStartPre=/bin/sh -c "! grep -q mirror.invalid ${FILE}"\\n' >/etc/systemd/system/docker.service.d/other.conf && systemctl daemon-reload`,
  );
  const before = await server.exec(`cat ${FILE}`);
  const running = await server.docker("ps", "--quiet");
  // no-new-privileges changes by hand, so that the engine must restart.
  const { "no-new-privileges": _, ...other } = JSON.parse(before);
  await server.exec(`cat >${FILE}`, JSON.stringify(other));
  deployment.configure({ ...server.settings, serverUser: "ubuntu", registryMirrors: ["https://mirror.invalid"] });
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(output).toContain("The previous file is back. Docker runs as before.");
  expect(JSON.parse(await server.exec(`cat ${FILE}`))).toEqual(other);
  expect(await server.docker("ps", "--quiet")).toBe(running);
});
