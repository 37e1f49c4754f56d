import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, test } from "vitest";
import { StandInServer } from "../test/servers/server";
import { Deployment } from "../test/support/deployment";
import { roundsOf, row, spread, tell } from "./report";

const ROUNDS = roundsOf(3);

let server: StandInServer;
let deployment: Deployment;
let settings: Record<string, unknown>;

beforeAll(async () => {
  server = await StandInServer.start({ name: "interruptions" });
  settings = {
    ...server.settings,
    drainSeconds: 5,
    replicas: 2,
  };
  deployment = await Deployment.create("interruptions", settings);
  await deployment.make("up");
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

/** Deploys with changed settings, which stay changed. */
function configured(changed: Record<string, unknown>): Promise<unknown> {
  settings = { ...settings, ...changed };
  deployment.configure(settings);
  return deployment.make("up");
}

test("changes that cause downtime", async () => {
  tell("", "| What | Not answered, s | Slowest answer, s |", "|---|---|---|");
  const memory = (round: number) => configured({ databaseMemoryMb: 512 + round });
  await measured("another memory limit of PostgreSQL", 80, memory);
  // The port changes too, so the first one stops responding; this measures the downtime of an address change.
  const address = (round: number) => configured({ httpAddress: round % 2 === 1 ? server.address : "0.0.0.0" });
  await measured("another address of the edge", 80, address);
  await measured("a restart of the Docker engine", 80, () => server.exec("systemctl restart docker"));
});

async function measured(what: string, port: number, change: (round: number) => Promise<unknown>): Promise<void> {
  const away: number[] = [];
  const slowest: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const met = await whileAsking(`http://${server.address}:${port}/api/health/`, () => change(round));
    away.push(met.away);
    slowest.push(met.slowest);
  }
  tell(row(what, spread(away), spread(slowest)));
}

/** Seconds from the first failed request to the next successful one, and the slowest successful request. */
interface Asked {
  away: number;
  slowest: number;
}

/** Sends 50 requests a second that reach the database, until the work is done and two seconds longer. */
async function whileAsking(url: string, work: () => Promise<unknown>): Promise<Asked> {
  const asked: Asked = { away: 0, slowest: 0 };
  let done = false;
  const asking = (async () => {
    let failedSince: number | undefined;
    while (!done || failedSince !== undefined) {
      const started = performance.now();
      if (await answers(url)) {
        const now = performance.now();
        if (failedSince === undefined) asked.slowest = Math.max(asked.slowest, (now - started) / 1000);
        else asked.away += (now - failedSince) / 1000;
        failedSince = undefined;
      } else {
        failedSince ??= started;
      }
      await sleep(20);
    }
  })();
  try {
    await work();
    await sleep(2000);
  } finally {
    done = true;
    await asking;
  }
  return asked;
}

/** With a new connection each time, as a kept-alive one does not show who listens. */
async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers: { Connection: "close" }, signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
