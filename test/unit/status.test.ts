import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = ["containers", "status"].map((name) => readFileSync(`operate/on-server/${name}.sh`, "utf8")).join("");
const DAY = 86_400_000;
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "berth-status-"));
  program("df", "echo Filesystem; echo '/dev/vda 100000000 1 50000000 1% /'");
});
afterEach(() => rmSync(bin, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

interface Engine {
  /** Containers as `docker inspect` is asked to print them, by default one of nginx that runs. */
  containers?: string[];
  /** What curl prints in nginx's container. */
  answer?: string;
  /** Whether a container keeps the certificate. */
  kept?: boolean;
  /** Names of the containers there should be, by default of those there are. */
  expected?: string;
  /** Names of those that only wait to be deleted. */
  leaving?: string;
}

const RUNS = "running|0|false|always|2026-11-21T07:21:03Z|0001-01-01T00:00:00Z|healthy|0|0|134217728";
const NGINX = `/mailtracker-prod-nginx-1|nginx|nginx:a1|${RUNS}`;

/** What the script says of a server whose engine answers so. */
function status({ containers = [NGINX], answer = "{}\n=200=\n", kept = false, expected, leaving = "" }: Engine) {
  writeFileSync(join(bin, "containers"), containers.map((line) => `${line}\n`).join(""));
  writeFileSync(join(bin, "answer"), answer);
  program(
    "docker",
    `case "$*" in
       *berth.service=certificate*) ${kept ? "echo c1" : ":"} ;;
       "ps "*) echo n1 ;;
       "inspect --format {{index .Config.Labels"*) echo /alive ;;
       "inspect --format {{.Name}}|"*) cat ${bin}/containers ;;
       "inspect --format {{range .State.Health.Log}}"*) echo '"it said no"' ;;
       "exec "*" curl "*https://mail.example.org/alive) cat ${bin}/answer ;;
       "info "*) echo /var/lib/docker ;;
     esac`,
  );
  const there = containers.map((line) => line.slice(1, line.indexOf("|"))).join(" ");
  const known = [expected ?? there, leaving];
  const args = ["-c", SCRIPT, "sh", "mailtracker", "prod", "https://mail.example.org", "", ...known];
  const { exitCode, stdout } = execaSync("sh", args, { reject: false, env: { PATH: `${bin}:${process.env.PATH}` } });
  return { exitCode, stdout, notWell: stdout.split("\nNot well:\n  ")[1]?.split("\n  ") ?? [] };
}

const certificate = (days: number) =>
  `{}\n=200=\nIssuer: CN = Somebody\nExpire date:${new Date(Date.now() + days * DAY + 60_000).toUTCString().slice(5)}\n`;

test("a stack that is well is shown, and the script is content", () => {
  const { exitCode, stdout } = status({ answer: certificate(40) });
  expect(stdout).toMatch(/^nginx +nginx-1 +nginx:a1 +running +2026-11-21 07:21 +healthy +0 +\? of 128 MiB$/m);
  expect(stdout).toMatch(/^Certificate: until .*, 40 days, issued by CN = Somebody$/m);
  expect(exitCode).toBe(0);
});

test("a certificate of one's own is not well 14 days before its end", () => {
  expect(status({ answer: certificate(14) }).notWell).toEqual([]);
  expect(status({ answer: certificate(13) }).notWell).toEqual([expect.stringContaining("ends in 13 days")]);
  expect(status({ answer: certificate(-2) }).notWell).toEqual([expect.stringContaining("has expired")]);
});

test("one that is kept by itself may be short, but not expired", () => {
  expect(status({ answer: certificate(3), kept: true }).notWell).toEqual([]);
  expect(status({ answer: certificate(-2), kept: true }).exitCode).toBe(1);
});

test("what stopped, starved, never started or is unhealthy is told", () => {
  const line = (name: string, rest: string) => `/mailtracker-prod-${name}|${name}|a:1|${rest}`;
  const { stdout, notWell } = status({
    containers: [
      line("job", "exited|0|false|no|2026-11-21T07:21:03Z|2026-11-21T07:22:03Z||0|0|0"),
      line("one", "exited|137|true|always|2026-11-21T07:21:03Z|2026-11-21T07:22:03Z||3|0|0"),
      line("two", "created|0|false|no|0001-01-01T00:00:00Z|0001-01-01T00:00:00Z||0|0|0"),
      line("wrong", RUNS.replace("healthy", "unhealthy")),
    ],
  });
  expect(stdout).toMatch(/^one .* ended \(137, out of memory\) +2026-11-21 07:22 +3$/m);
  expect(notWell).toEqual([
    "one does not run. Its log says why: make logs SERVICE=one STACK=prod",
    "two does not run. Its log says why: make logs SERVICE=two STACK=prod",
    'wrong is unhealthy: "it said no"',
  ]);
});

test("a container that is gone is told, and one Pulumi does not know, but not one that waits to be deleted", () => {
  const [ours, other] = ["mailtracker-prod-nginx-1", "mailtracker-prod-nginx-2"];
  expect(status({ expected: `${ours} ${other}` }).notWell).toEqual(["nginx-2 is gone, and nobody told Pulumi."]);
  expect(status({ expected: other, leaving: ours }).notWell).toEqual(["nginx-2 is gone, and nobody told Pulumi."]);
  expect(status({ expected: "" }).notWell).toEqual([expect.stringContaining("nginx-1 is not known to Pulumi.")]);
});

test("a site that does not answer as it should is told with its words", () => {
  expect(status({ answer: '{ "detail": "Not now." }\n\n=502=\n' }).notWell).toEqual([
    'The site does not answer /alive as it should: 502 { "detail": "Not now." }',
  ]);
  expect(status({ answer: "\n=302=\n" }).notWell).toEqual([]);
  expect(status({ answer: "\n=000=\n" }).notWell[0]).toContain("nothing");
});

test("a disk that is nearly full is told", () => {
  program("df", "echo Filesystem; echo '/dev/vda 100000000 1 1000000 99% /'");
  expect(status({}).notWell).toEqual(["The disk is nearly full. docs/operations.md says how to free space."]);
});
