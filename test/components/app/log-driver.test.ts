import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import * as berth from "../../../components";
import { journalDriver, journalProblems } from "../../../components/model/log-driver";
import { type Asked, collecting, collectOptions } from "../../support/mocks";
import { registeredContainer } from "../../support/registered-container";

interface Inputs {
  logDriver: string;
  logOpts: Record<string, string>;
}

const SERVER = { serverHost: "203.0.113.7", serverHostKey: "ssh-ed25519 AAAAkey" };
const JOURNAL = { ...SERVER, logsMaxSizeMb: "512" };

/** A container of a stack with these settings, as the program requests it. */
async function containerOf(name: string, config: Record<string, string>, transform?: berth.WorkerArgs["transform"]) {
  const registered = await collecting(config);
  let asked: Asked[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      new berth.Postgres("postgres", {
        networks,
        database: "mails",
        user: "mails_user",
        ...(transform && { transform }),
      });
      const web = new berth.WebService("backend", {
        ...{ networks, image: "web:1", port: 80, replicas: 2 },
        health: { command: ["healthy"] },
      });
      new berth.Edge("nginx", { networks, image: "nginx:alpine", upstreams: { web } });
      return {};
    });
    return {};
  });
  const { inputs, spec, ignored } = await registeredContainer<Inputs>(name, registered, asked);
  return {
    log: { logDriver: inputs.logDriver, logOpts: inputs.logOpts },
    spec,
    ignored,
    resources: registered.map((one) => one.name),
  };
}

const ENGINE = { logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } };

describe("the log of a container", () => {
  test.each([
    ["on this machine", { logsMaxSizeMb: "512" }],
    ["on a server without a journal", SERVER],
  ])("%s ends with it", async (_, config) => {
    const { log, ignored, resources } = await containerOf("backend-2", config);
    expect(log).toEqual(ENGINE);
    expect(ignored).toEqual([]);
    expect(resources).not.toContain("server-logs");
  });

  test("goes to the stack's journal by its service, never blocks it, and stays readable for docker logs", async () => {
    const { log, resources } = await containerOf("backend-2", JOURNAL);
    expect(log).toEqual(journalDriver("berth-mailtracker-test", "backend"));
    expect(log.logOpts).toEqual({
      "syslog-address": "unixgram:///run/systemd/journal.berth-mailtracker-test/dev-log",
      tag: "backend/{{.Name}}",
      mode: "non-blocking",
      "max-buffer-size": "4m",
      "cache-max-file": "3",
      "cache-max-size": "10m",
    });
    expect(resources).toContain("server-logs");
  });

  test("replaces an app's container when it moves to the journal", async () => {
    const [before, after] = [await containerOf("backend-1", SERVER), await containerOf("backend-1", JOURNAL)];
    expect(after.spec).not.toBe(before.spec);
    expect(after.ignored).toEqual([]);
  });

  test.each(["postgres", "nginx-sandbox"])(
    "does not replace %s, which moves with its next replacement",
    async (name) => {
      const [before, after] = [await containerOf(name, SERVER), await containerOf(name, JOURNAL)];
      expect(after.log).toEqual(journalDriver("berth-mailtracker-test", name));
      expect(after.spec).toBe(before.spec);
      expect(after.ignored).toEqual([...before.ignored, "logDriver", "logOpts"]);
    },
  );

  test("takes a driver that the program chooses", async () => {
    const own = { logDriver: "local", logOpts: {} };
    const { log, spec, ignored } = await containerOf("postgres", JOURNAL, (args) => ({ ...args, ...own }));
    expect(log).toEqual(own);
    expect(ignored).toEqual([]);
    expect(spec).not.toBe((await containerOf("postgres", JOURNAL)).spec);
  });
});

test("a name that is too long for a journal's socket is refused", () => {
  const id = (length: number) => ({ project: "p".repeat(length), stack: "prod" });
  expect(journalProblems(id(67))).toEqual([]);
  expect(journalProblems(id(68))).toEqual([expect.stringContaining("can have 72. Use shorter names")]);
});
