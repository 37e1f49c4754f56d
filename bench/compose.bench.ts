import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, test } from "vitest";
import { StandInServer } from "../test/servers/server";
import { DelayProxy } from "../test/support/delay-proxy";
import { Deployment } from "../test/support/deployment";
import { signedIn } from "../test/support/office-story";
import { Compose } from "./compose";
import { mailTrackerComposed, servicesComposed, servicesProgram } from "./compose-files";
import { interleaved, median, roundsOf, row, seconds, spread, tell } from "./report";

const NO_OP_ROUNDS = roundsOf(5);
const CHANGE_ROUNDS = roundsOf(3);
/** Milliseconds added there and back. */
const DELAYS = [0, 50];
const COMPOSE_PORT = 8080;

let server: StandInServer;
/** One server for each tool, so that each has its own shared connection. */
let ways: { berth: DelayProxy; compose: DelayProxy };
const deployments: Deployment[] = [];
const composed: Compose[] = [];

beforeAll(async () => {
  server = await StandInServer.start({ name: "bench" });
  ways = { berth: await DelayProxy.start(server), compose: await DelayProxy.start(server) };
});

afterAll(async () => {
  ways?.berth.stop();
  ways?.compose.stop();
  await server?.stop();
  for (const deployment of deployments) deployment.remove();
  for (const compose of composed) compose.remove();
});

async function deployed(name: string, config: Record<string, unknown> = {}): Promise<Deployment> {
  const deployment = await Deployment.create(name, {
    siteName: server.address,
    ...server.settings,
    serverHost: "127.0.0.1",
    serverPort: ways.berth.port,
    drainSeconds: 5,
    ...config,
  });
  deployments.push(deployment);
  return deployment;
}

async function compose(): Promise<Compose> {
  const { hostKey, keyFile } = server;
  const made = await Compose.create({ host: "127.0.0.1", port: ways.compose.port, user: "root", hostKey, keyFile });
  composed.push(made);
  return made;
}

function delayed(milliseconds: number): void {
  ways.berth.roundTrip = ways.compose.roundTrip = milliseconds;
}

/** A table row with the seconds of both tools and their ratio. */
function compared(what: string, delay: number, berth: number[], other: number[]): string {
  const ratios = berth.map((value, round) => value / (other[round] ?? Number.NaN));
  return row(what, delay, median(berth).toFixed(2), median(other).toFixed(2), spread(ratios));
}

const HEAD = ["| What | Added delay, ms | Berth, s | Compose, s | ratio |", "|---|---|---|---|---|"];

test("Mail Tracker: nothing changed, and one line changed", async () => {
  const deployment = await deployed("bench");
  const other = await compose();
  const secret = () => randomBytes(32).toString("hex");
  other.tell({ DATABASE_PASSWORD: secret(), SECRET_KEY: secret() });
  for (const folder of ["backend", "nginx"]) cpSync(folder, other.path(folder), { recursive: true });
  other.configure(mailTrackerComposed("mailtracker", COMPOSE_PORT));
  await deployment.make("up");
  await other.run("up", "--detach", "--build", "--wait");
  // As on any site in use, the administrator has changed the initial password, which would cost each release a check.
  await signedIn(deployment);

  tell("", ...HEAD);
  for (const delay of DELAYS) {
    delayed(delay);
    const rounds = await interleaved(
      {
        berth: () => seconds(() => deployment.make("up")),
        compose: () => seconds(() => other.run("up", "--detach")),
        building: () => seconds(() => other.run("up", "--detach", "--build")),
      },
      NO_OP_ROUNDS,
    );
    tell(compared("no-op; Compose does not look at the sources", delay, rounds.berth, rounds.compose));
    tell(compared("no-op; Compose with `--build`", delay, rounds.berth, rounds.building));
  }

  const wire = { berth: [] as number[], compose: [] as number[] };
  const layers: number[] = [];
  for (const delay of DELAYS) {
    delayed(delay);
    const rounds = await interleaved(
      {
        berth: async () => {
          const before = await imageOf("berth.service=backend");
          deployment.edit(HEALTH, changed);
          const site = `http://${server.address}`;
          const live = await untilLive(site, markOf(deployment.path(HEALTH)), ways.berth, () => deployment.make("up"));
          layers.push(await changedLayers(before, await imageOf("berth.service=backend")));
          return live;
        },
        compose: async () => {
          const file = other.path(HEALTH);
          writeFileSync(file, changed(readFileSync(file, "utf8")));
          const site = `http://${server.address}:${COMPOSE_PORT}`;
          return await untilLive(site, markOf(file), ways.compose, () => other.run("up", "--detach", "--build"));
        },
      },
      CHANGE_ROUNDS,
    );
    const [ours, theirs] = [rounds.berth, rounds.compose];
    const part = (of: typeof ours, what: keyof Live) => of.map((one) => one[what]);
    tell(compared("one line changed, until live", delay, part(ours, "live"), part(theirs, "live")));
    tell(compared("the same, until the command ends", delay, part(ours, "ended"), part(theirs, "ended")));
    wire.berth.push(...part(ours, "bytes"));
    wire.compose.push(...part(theirs, "bytes"));
    tell(`(not answered meanwhile, s: ${spread(part(ours, "away"))} and ${spread(part(theirs, "away"))})`);
  }

  tell("", "| One line changed | on the wire, KB | changed layers, compressed, KB | ratio |", "|---|---|---|---|");
  const [changedBytes, kilobytes] = [median(layers), (bytes: number) => (bytes / 1000).toFixed(0)];
  for (const [who, bytes] of Object.entries(wire)) {
    const ratio = spread(bytes.map((one) => one / changedBytes));
    tell(row(who, kilobytes(median(bytes)), kilobytes(changedBytes), ratio));
  }
  delayed(0);
  await deployment.destroy();
  await other.run("down", "--volumes");
});

test("ten services: nothing changed, and a setting of all changed", async () => {
  const deployment = await deployed("ten");
  const other = await compose();
  let setting = 0;
  const program = () => deployment.write("index.ts", servicesProgram(10, String(setting)));
  const file = () => other.configure(servicesComposed("ten", 10, String(setting)));
  program();
  file();
  await deployment.make("up");
  await other.run("up", "--detach", "--wait");

  tell("", ...HEAD);
  for (const delay of DELAYS) {
    delayed(delay);
    const up = (...words: string[]) => seconds(() => other.run("up", "--detach", ...words));
    const idle = await interleaved({ berth: () => seconds(() => deployment.make("up")), compose: up }, NO_OP_ROUNDS);
    tell(compared("ten services, no-op", delay, idle.berth, idle.compose));
    const busy = await interleaved(
      {
        berth: () => {
          setting++;
          program();
          return seconds(() => deployment.make("up"));
        },
        // It returns before they are healthy without --wait.
        compose: () => {
          file();
          return up();
        },
        waiting: () => {
          setting++;
          file();
          return up("--wait");
        },
      },
      CHANGE_ROUNDS,
    );
    tell(compared("ten services, one setting of all", delay, busy.berth, busy.compose));
    tell(compared("the same; Compose with `--wait`", delay, busy.berth, busy.waiting));
  }
  delayed(0);
  await deployment.destroy();
  await other.run("down");
});

test("growth: nothing changed, with 10 and with 200 resources", async () => {
  const deployment = await deployed("growth");
  const measured: { resources: number; took: number[] }[] = [];
  tell("", "| Resources | no-op, s |", "|---|---|");
  // Each service is four resources; the server has a few more.
  for (const services of [0, 47]) {
    deployment.write("index.ts", servicesProgram(services, "1"));
    await deployment.up();
    const { took } = await interleaved({ took: () => seconds(() => deployment.up()) }, NO_OP_ROUNDS);
    const resources = JSON.parse(deployment.state()).checkpoint.latest.resources.length;
    measured.push({ resources, took });
    tell(row(resources, spread(took)));
  }
  const [few, many] = measured;
  if (!few || !many) throw new Error("nothing was measured");
  const each = ((median(many.took) - median(few.took)) / (many.resources - few.resources)) * 1000;
  tell("", `${each.toFixed(1)} ms a resource`);
});

const HEALTH = "backend/operations/health.py";

/** Changes one line of the health response on every call. */
function changed(text: string): string {
  const line = `    body = {"bench": "${randomBytes(6).toString("hex")}", "status": status, "release": settings.RELEASE}`;
  return text.replace(/^ {4}body = .*$/m, line);
}

function markOf(file: string): string {
  return /"bench": "(\w+)"/.exec(readFileSync(file, "utf8"))?.[1] ?? "no mark";
}

interface Live {
  /** Seconds until the site responded with the new code. */
  live: number;
  /** Seconds until the command returned. */
  ended: number;
  /** Seconds without a response. */
  away: number;
  /** Bytes over SSH in both directions. */
  bytes: number;
}

/** Requests the site ten times a second during a deployment, until it returns the mark. */
async function untilLive(site: string, mark: string, way: DelayProxy, deploy: () => Promise<unknown>): Promise<Live> {
  const [started, before] = [performance.now(), way.bytes];
  const since = () => (performance.now() - started) / 1000;
  const deploying = seconds(deploy);
  let [live, away, last] = [Number.NaN, 0, since()];
  while (Number.isNaN(live) && since() < 300) {
    const answer = await fetch(`${site}/api/health/`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    const text = (await answer?.text().catch(() => "")) ?? "";
    const now = since();
    if (!answer?.ok) away += now - last;
    else if (text.includes(mark)) live = now;
    last = now;
    await sleep(100);
  }
  const ended = await deploying;
  return { live, ended, away, bytes: way.bytes - before };
}

/** ID of the image of the container that has a label. */
async function imageOf(label: string): Promise<string> {
  return server.exec(`docker inspect --format '{{.Image}}' $(docker ps --quiet --filter label=${label})`);
}

/** Size of the layers that only the second image has, compressed as in a registry. */
async function changedLayers(before: string, after: string): Promise<number> {
  const layersOf = async (image: string): Promise<string[]> =>
    JSON.parse(await server.exec(`docker inspect --format '{{json .RootFS.Layers}}' ${image}`));
  const saved = (file: string) => `docker save ${after} | tar --extract --to-stdout ${file}`;
  const [manifest] = JSON.parse(await server.exec(saved("manifest.json")));
  const [known, layers] = [await layersOf(before), await layersOf(after)];
  const changed = layers.flatMap((layer, index) => (known.includes(layer) ? [] : [manifest.Layers[index]]));
  const sizes = changed.map(async (file) => Number(await server.exec(`${saved(file)} | gzip -c | wc -c`)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
