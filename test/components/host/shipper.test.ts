import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { FakeServer } from "../../support/fake-server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.write("usr/sbin/rsyslogd", "");
  server.write("usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so", "");
  server.write("etc/systemd/system/other.service", "");
});
afterEach(() => server.remove());

const JOURNAL = "berth-shop-prod";
const CONF = `etc/rsyslog-${JOURNAL}.conf`;
const AUTHORITY = `etc/rsyslog-${JOURNAL}.pem`;
const UNIT = `etc/systemd/system/${JOURNAL}-shipper.service`;

/** Runs one of the scripts on the fake server. */
async function run(script: string, input = "") {
  const files = ["remote/scripts/prepare/step.sh", "remote/scripts/prepare/apt.sh", `host/scripts/${script}`];
  const { folder } = server;
  const text = withPreamble(files.map((file) => readFileSync(join("components", file), "utf8")).join(""))
    .replaceAll("/usr/sbin:/sbin", `${folder}/sbin`)
    .replaceAll("-e /usr/sbin/", `-e ${folder}/usr/sbin/`)
    .replaceAll("ls /usr/lib/", `ls ${folder}/usr/lib/`)
    .replaceAll(/(?<![\w"=])\/etc\/(rsyslog|systemd)/g, `${folder}/etc/$1`)
    .replaceAll(/(conf|authority)=\/etc\/rsyslog/g, `$1=${folder}/etc/rsyslog`)
    .replaceAll(/"\/etc\/(systemd|rsyslog)/g, `"${folder}/etc/$1`);
  return execa("sh", ["-c", text, "sh", "shop", "prod", JOURNAL, "logs.example.org", "6514", "shop prod"], {
    input,
    reject: false,
    env: { root: folder, PATH: `${folder}/bin:/usr/bin:/bin` },
    extendEnv: false,
  });
}

describe("the shipping of logs", () => {
  test("is a service of its own, with TLS and a limited queue on the disk, which never blocks", async () => {
    const { exitCode, stdout } = await run("install-shipper.sh");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    const conf = server.read(CONF);
    expect(conf).toContain(`socket="/run/systemd/journal.${JOURNAL}/syslog"`);
    expect(conf).toContain('target="logs.example.org" port="6514" protocol="tcp"');
    expect(conf).toContain(
      'StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="logs.example.org"',
    );
    expect(conf).toContain('queue.maxDiskSpace="256m" queue.saveOnShutdown="on" queue.timeoutEnqueue="2000"');
    expect(conf).toContain('[berth@32473 project=\\"shop\\" stack=\\"prod\\" container=');
    expect(conf).toContain('defaultNetstreamDriverCAFile="/etc/ssl/certs/ca-certificates.crt"');
    expect(server.read(UNIT)).toContain(`Requires=systemd-journald@${JOURNAL}.socket\n`);
    expect(server.calls(/^systemctl (daemon|enable|restart)/)).toEqual([
      "systemctl daemon-reload",
      `systemctl enable --quiet ${JOURNAL}-shipper.service`,
      `systemctl restart ${JOURNAL}-shipper.service`,
    ]);
    expect(server.calls(/^apt-get/)).toEqual([]);
  });

  test("trusts the given authority only", async () => {
    await run("install-shipper.sh", "-----BEGIN CERTIFICATE-----\n");
    expect(server.read(AUTHORITY)).toBe("-----BEGIN CERTIFICATE-----\n");
    expect(server.read(CONF)).toMatch(new RegExp(`defaultNetstreamDriverCAFile="[^"]*${AUTHORITY}"`));
  });

  test("leaves nothing when it ends", async () => {
    await run("install-shipper.sh");
    expect((await run("remove-shipper.sh")).exitCode).toBe(0);
    for (const file of [CONF, AUTHORITY, UNIT]) expect(server.read(file)).toBeUndefined();
    expect(server.calls(/^systemctl disable/)).toEqual([`systemctl disable --quiet --now ${JOURNAL}-shipper.service`]);
  });
});
