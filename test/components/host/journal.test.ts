import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { FakeServer } from "../../support/fake-server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.write("etc/machine-id", "abc\n");
});
afterEach(() => server.remove());

const JOURNAL = "berth-shop-prod";
const CONF = `etc/systemd/journald@${JOURNAL}.conf`;
const DROP_IN = `etc/systemd/system/docker.service.d/berth-logs-${JOURNAL}.conf`;
const ENTRIES = `var/log/journal/abc.${JOURNAL}/system.journal`;

/** Runs one of the scripts on the fake server. */
async function run(script: string, ...words: string[]) {
  const files = ["remote/scripts/prepare/step.sh", `host/scripts/${script}`];
  const { folder } = server;
  const text = withPreamble(files.map((file) => readFileSync(join("components", file), "utf8")).join(""))
    .replaceAll("/etc/", `${folder}/etc/`)
    .replaceAll("/var/log", `${folder}/var/log`)
    .replaceAll("/usr/sbin:/sbin", `${folder}/sbin`);
  return execa("sh", ["-c", text, "sh", "shop", "prod", JOURNAL, ...words], {
    reject: false,
    env: { root: folder, PATH: `${folder}/bin:/usr/bin:/bin` },
    extendEnv: false,
  });
}
const install = (size = "512", days = "30") => run("install-journal.sh", size, days);

describe("the journal of a stack's logs", () => {
  test("has limits of its own, and starts before the engine", async () => {
    const { exitCode, stdout } = await install();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(server.read(CONF)).toMatch(/^\[Journal\]\nStorage=persistent\nSystemMaxUse=512M\nMaxRetentionSec=30day$/m);
    expect(server.read(DROP_IN)).toBe(
      `[Unit]\nWants=systemd-journald@${JOURNAL}.socket\nAfter=systemd-journald@${JOURNAL}.socket\n`,
    );
    expect(server.calls(/^systemctl (daemon-reload|start|try-restart)/)).toEqual([
      "systemctl daemon-reload",
      `systemctl start systemd-journald@${JOURNAL}.socket`,
      `systemctl try-restart systemd-journald@${JOURNAL}.service`,
    ]);
  });

  test("is restarted for another limit only", async () => {
    await install();
    await install();
    expect(server.calls(/^systemctl try-restart/)).toHaveLength(1);
    await install("64");
    expect(server.calls(/^systemctl try-restart/)).toHaveLength(2);
    expect(server.read(CONF)).toContain("SystemMaxUse=64M\n");
  });

  test("leaves the server's own journal and the engine as they are", async () => {
    server.write("etc/systemd/journald.conf", "[Journal]\n");
    await install();
    expect(server.read("etc/systemd/journald.conf")).toBe("[Journal]\n");
    expect(server.calls(/docker (restart|reload)|(restart|reload) docker/)).toEqual([]);
  });

  test.each([
    ["the account may not use sudo", "sudo", "exit 1", /may not use sudo without a password.* logsMaxSizeMb 0/],
    ["systemd is too old", "systemctl", "exit 1", /needs systemd 246 or later.* logsMaxSizeMb 0/],
  ])("is refused where %s, with what to do", async (_, program, script, reason) => {
    server.program(program, script);
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(reason);
    expect(server.read(CONF)).toBeUndefined();
  });
});

describe("the removal of the journal", () => {
  /** Containers of the engine, with the addresses that they log to. */
  const logging = (...addresses: string[]) =>
    server.program(
      "docker",
      `case $1 in ps) ${addresses.map((_, at) => `echo c${at}`).join(";") || ":"} ;; inspect) printf '%s\\n' ${addresses.map((one) => `'${one}'`).join(" ")} ;; esac`,
    );

  beforeEach(async () => {
    await install();
    server.write(ENTRIES, "entries");
  });

  test("deletes its entries, settings and units", async () => {
    logging("", "unixgram:///run/systemd/journal.berth-shop-test/dev-log");
    const { exitCode, stdout } = await run("remove-journal.sh", "512", "30");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    for (const file of [CONF, DROP_IN, ENTRIES]) expect(server.read(file)).toBeUndefined();
    expect(server.calls(/^systemctl stop/).join()).toContain(`systemd-journald@${JOURNAL}.socket`);
  });

  test("waits until no container logs to it, as that one could not start again", async () => {
    logging("", `unixgram:///run/systemd/journal.${JOURNAL}/dev-log`);
    const { exitCode, stdout } = await run("remove-journal.sh", "512", "30");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`The logs' journal ${JOURNAL} stays on the server`);
    expect(server.read(CONF)).toContain("SystemMaxUse");
    expect(server.read(ENTRIES)).toBe("entries");
    expect(server.calls(/^systemctl stop/)).toEqual([]);
  });

  test("also waits if the engine does not answer", async () => {
    server.program("docker", "exit 1");
    await run("remove-journal.sh", "512", "30");
    expect(server.read(ENTRIES)).toBe("entries");
  });
});
