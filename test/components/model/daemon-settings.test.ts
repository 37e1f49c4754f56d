import { describe, expect, test } from "vitest";
import {
  applicableSettings,
  type ConfiguredEngine,
  changedSettings,
  daemonSettings,
  mergedInto,
  parseDaemonJson,
} from "../../../components/model/daemon-settings";

const plain: ConfiguredEngine = { current: {}, flags: "-H fd://", swarm: false, servesOthers: false };
const omitted = (engine: Partial<ConfiguredEngine>, mirrors: string[] = []) =>
  applicableSettings(daemonSettings(mirrors), { ...plain, ...engine }).omitted;

describe("the Docker daemon's settings", () => {
  test("keep containers running through a restart, rotate logs and forbid new privileges", () => {
    expect(daemonSettings()).toEqual({
      "live-restore": true,
      "no-new-privileges": true,
      "log-driver": "json-file",
      "log-opts": { "max-size": "10m", "max-file": "3" },
    });
  });

  test("name configured mirrors, and allow those without TLS", () => {
    expect(daemonSettings(["http://10.0.0.5:5000", "https://mirror.example.org"])).toMatchObject({
      "registry-mirrors": ["http://10.0.0.5:5000", "https://mirror.example.org"],
      // With these two, registries on the server itself stay usable from Docker 29.10 on.
      "insecure-registries": ["http://10.0.0.5:5000", "127.0.0.0/8", "::1/128"],
    });
  });

  test("all apply to an engine with its defaults", () => {
    expect(applicableSettings(daemonSettings(), plain)).toEqual({ settings: daemonSettings(), omitted: {} });
  });
});

describe("F13a: another log driver", () => {
  test.each(["gelf", "journald", "local", "loki", "awslogs"])(
    "%s keeps its options, without those of json-file",
    (driver) => {
      const current = { "log-driver": driver, "log-opts": { tag: "x" } };
      const { settings } = applicableSettings(daemonSettings(), { ...plain, current });
      expect(mergedInto(current, settings)).toEqual({ ...current, "live-restore": true, "no-new-privileges": true });
      expect(omitted({ current })).toEqual({
        "log-driver": `the engine logs with ${driver}`,
        "log-opts": `the engine logs with ${driver}`,
      });
    },
  );

  test("json-file keeps its other options", () => {
    const current = { "log-driver": "json-file", "log-opts": { tag: "x" } };
    const { settings } = applicableSettings(daemonSettings(), { ...plain, current });
    expect(mergedInto(current, settings)["log-opts"]).toEqual({ tag: "x", "max-size": "10m", "max-file": "3" });
  });
});

describe("F13b: a setting that is a flag of dockerd", () => {
  test.each([
    ["--log-driver=journald", ["log-driver", "log-opts"]],
    ["--log-driver json-file", ["log-driver"]],
    ["--log-opt max-size=1m", ["log-opts"]],
    ["--live-restore", ["live-restore"]],
    ["--no-new-privileges=false", ["no-new-privileges"]],
    ["--registry-mirror=http://10.0.0.9:5000", ["registry-mirrors"]],
    ["--insecure-registry 10.0.0.9:5000", ["insecure-registries"]],
    ["-H fd:// --live-restore-timeout=1", []],
  ])("is not set a second time: %s", (flags, names) => {
    expect(Object.keys(omitted({ flags }, ["http://10.0.0.5:5000"]))).toEqual(names);
  });
});

test("F13c: an engine in Swarm mode gets no live-restore", () => {
  expect(omitted({ swarm: true })).toEqual({ "live-restore": "an engine in Swarm mode does not start with it" });
});

test("F13d: containers of others keep their privileges, unless the engine forbids new ones already", () => {
  expect(Object.keys(omitted({ servesOthers: true }))).toEqual(["no-new-privileges"]);
  expect(omitted({ servesOthers: true, current: { "no-new-privileges": true } })).toEqual({});
});

test("F13e: mirrors and registries of others stay in the lists", () => {
  const current = { "insecure-registries": ["10.0.0.9:5000"], "registry-mirrors": ["https://m.example.org"] };
  const merged = mergedInto(current, daemonSettings(["http://10.0.0.5:5000"]));
  expect(merged).toMatchObject({
    "insecure-registries": ["http://10.0.0.5:5000", "127.0.0.0/8", "::1/128", "10.0.0.9:5000"],
    "registry-mirrors": ["http://10.0.0.5:5000", "https://m.example.org"],
  });
  expect(changedSettings(merged, mergedInto(merged, daemonSettings(["http://10.0.0.5:5000"])))).toEqual([]);
});

test("only changed settings are named", () => {
  const current = { "live-restore": true, debug: true, "log-opts": { "max-size": "1m" } };
  expect(changedSettings(current, mergedInto(current, daemonSettings()))).toEqual([
    "log-opts",
    "no-new-privileges",
    "log-driver",
  ]);
});

test("a file that is no JSON object is recognised", () => {
  expect(["{ nonsense", "[]", "1", "null"].map(parseDaemonJson)).toEqual([undefined, undefined, undefined, undefined]);
  expect(["", " \n", "{}"].map(parseDaemonJson)).toEqual([{}, {}, {}]);
});
