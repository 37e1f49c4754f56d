import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, test } from "vitest";
import type { SshTarget } from "../components/host/ssh";
import { StandInServer } from "../test/servers/server";
import { Deployment } from "../test/support/deployment";
import { buildByStep } from "./build-step";
import { prepareLoad, wrk } from "./load";
import { interleaved, median, roundsOf, row, seconds, spread, tell } from "./report";

const ROUNDS = roundsOf(3);
/** Seconds of load beside a build, which takes longer without the cache. */
const SECONDS = 5;

let server: StandInServer;
let deployment: Deployment;
let target: SshTarget;
/** The sources of the backend. */
const sources = mkdtempSync(join(tmpdir(), "berth-bench-builds-"));

beforeAll(async () => {
  server = await StandInServer.start({ name: "bench-builds" });
  const { address: host, port, hostKey, keyFile } = server;
  target = { host, port, user: "root", hostKey, keyFile };
  cpSync("backend", sources, { recursive: true });
  deployment = await Deployment.create("bench-builds", { ...server.settings, drainSeconds: 5 });
  await Promise.all([deployment.make("up"), prepareLoad()]);
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
  rmSync(sources, { recursive: true });
});

test("a second build with an added Python package", async () => {
  const added = /^iniconfig(.*\\\n)+.*\n/m.exec(readFileSync("backend/requirements-dev.txt", "utf8"))?.[0] ?? "";
  const requirements = readFileSync("backend/requirements.txt", "utf8");
  /** Another text each time, so that no build finds the layer of another one. */
  const add = () =>
    writeFileSync(join(sources, "requirements.txt"), `${requirements}${added}# ${randomBytes(6).toString("hex")}\n`);
  await buildByStep(target, sources);
  const rounds = await interleaved(
    {
      berth: () => {
        add();
        return seconds(() => buildByStep(target, sources));
      },
      plain: async () => {
        add();
        await copySources();
        return seconds(() => plainBuild());
      },
    },
    ROUNDS,
  );
  const ratio = rounds.berth.map((took, round) => took / (rounds.plain[round] ?? Number.NaN));
  tell(
    "",
    "| A package added to Mail Tracker's backend | Berth, s | docker on the server, s | ratio |",
    "|---|---|---|---|",
  );
  tell(row("built again", median(rounds.berth).toFixed(2), median(rounds.plain).toFixed(2), spread(ratio)));
});

test("the site during a build", async () => {
  await copySources();
  const site = () => wrk(`http://${server.address}:80/api/health/`, 2, SECONDS);
  const during = async (build: () => Promise<unknown>) => {
    const building = build();
    await sleep(2000);
    const measured = await site();
    await building;
    return measured;
  };
  const rounds = await interleaved(
    {
      idle: site,
      berth: async () => {
        // The plain build has the usual share, so Berth's next one sets its own again.
        await server.exec(
          "find /sys/fs/cgroup -depth -path '*/berth-builds*' -type d -exec rmdir {} + 2>/dev/null || true",
        );
        return during(() => buildByStep(target, sources, true));
      },
      plain: async () => {
        await server.exec("echo 1024 >/sys/fs/cgroup/cpu/docker/buildkit/cpu.shares 2>/dev/null || true");
        return during(() => plainBuild("--no-cache"));
      },
    },
    ROUNDS,
  );
  tell("", "| During a build | Site's p99, ms | to idle | Requests/s |", "|---|---|---|---|");
  for (const way of ["idle", "berth", "plain"] as const) {
    const ratio = rounds[way].map(({ p99 }, round) => p99 / (rounds.idle[round]?.p99 ?? Number.NaN));
    const [p99, rate] = [rounds[way].map((one) => one.p99), rounds[way].map((one) => one.requestsPerSecond)];
    tell(row(way, spread(p99, 0), spread(ratio), median(rate).toFixed(0)));
  }
});

/** Copies the sources to the server, as a person who builds there has them. */
async function copySources(): Promise<void> {
  const { stdout } = await execa("tar", ["-c", "-C", sources, "."], { encoding: "buffer" });
  await execa("docker", ["exec", "--interactive", server.container, "sh", "-c", UNPACK], { input: stdout });
}

const UNPACK = "rm -rf /root/sources && mkdir /root/sources && tar -x -C /root/sources";

/** Builds on the server with BuildKit, through buildx where it is installed. */
function plainBuild(...options: string[]): Promise<string> {
  const words = [...options, "--tag", `bench/plain:${randomBytes(6).toString("hex")}`, "/root/sources"].join(" ");
  return server.exec(
    `if docker buildx version >/dev/null 2>&1; then docker buildx build --load ${words}; else DOCKER_BUILDKIT=1 docker build ${words}; fi 2>&1`,
  );
}
