import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";
import { FakeServer } from "../../support/fake-server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => server.remove());

const remote = (file: string) => `remote/scripts/${file}`;
const SHARED = [
  remote("prepare/step.sh"),
  remote("prepare/timed-service.sh"),
  remote("prepare/apt.sh"),
  remote("audit-line.sh"),
];

/** Runs one of the scripts on the fake server. */
async function run(script: string, input = "") {
  const files = [...SHARED, `alerts/scripts/${script}`].map((file) => readFileSync(join("components", file), "utf8"));
  const { folder } = server;
  const text = withPreamble(files.join(""))
    .replaceAll("/etc/systemd", `${folder}/etc/systemd`)
    .replaceAll("/usr/sbin:/sbin", `${folder}/sbin`);
  return execa("sh", ["-c", text, "sh", "shop", "prod", `${folder}/lib/berth`, "shop-prod"], {
    input,
    reject: false,
    env: { root: folder, PATH: `${folder}/bin:/usr/bin:/bin` },
    extendEnv: false,
  });
}

const TARGETS = "ntfy https://ntfy.sh/secret\n";
const INPUT = `${Buffer.from(TARGETS).toString("base64")}\n#!/bin/sh\necho watch\n`;
const UNIT = "etc/systemd/system/berth-alerts-shop-prod";

async function installed() {
  server.program("chgrp", "");
  server.write("etc/systemd/system/other.timer", "");
  return run("install.sh", INPUT);
}

describe("the installation", () => {
  test("starts a timer for the watch, whose targets only root can read", async () => {
    const { exitCode, stdout } = await installed();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(server.read("lib/berth/shop-prod/alerts/watch.sh")).toBe("#!/bin/sh\necho watch\n");
    expect(server.read("lib/berth/shop-prod/alerts/targets")).toBe(TARGETS);
    const { stdout: mode } = await execa("stat", [
      "-c",
      "%a",
      join(server.folder, "lib/berth/shop-prod/alerts/targets"),
    ]);
    expect(mode).toBe("600");
    expect(server.read(`${UNIT}.service`)).toContain(
      `ExecStart=/bin/sh ${server.folder}/lib/berth/shop-prod/alerts/watch.sh watch`,
    );
    expect(server.read(`${UNIT}.timer`)).toContain("OnUnitActiveSec=1min");
    expect(server.calls(/^systemctl (daemon-reload|enable)/)).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --quiet --now berth-alerts-shop-prod.timer",
    ]);
    expect(server.calls(/secret/)).toEqual([]);
  });

  test("is refused where the account may not use sudo, with what to do", async () => {
    server.program("sudo", "exit 1");
    const { exitCode, stderr } = await installed();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/need root on the server once.* pulumi config rm alertsTo/);
    expect(server.read(`${UNIT}.timer`)).toBeUndefined();
  });
});

test("the removal leaves nothing of it, and the audit log", async () => {
  await installed();
  server.write("lib/berth/shop-prod/audit.jsonl", "{}\n");
  server.write("lib/berth/shop-prod/expected", "container id web\n");
  expect((await run("remove.sh")).exitCode).toBe(0);
  for (const file of [
    `${UNIT}.timer`,
    `${UNIT}.service`,
    "lib/berth/shop-prod/alerts/watch.sh",
    "lib/berth/shop-prod/expected",
  ])
    expect(server.read(file), file).toBeUndefined();
  expect(server.read("lib/berth/shop-prod/audit.jsonl")).toBe("{}\n");
  expect(server.read("etc/systemd/system/other.timer")).toBe("");
  expect(server.calls(/^systemctl disable/)).toEqual(["systemctl disable --quiet --now berth-alerts-shop-prod.timer"]);
  // It may be repeated, e.g. after an interrupted `down`.
  expect((await run("remove.sh")).exitCode).toBe(0);
});
