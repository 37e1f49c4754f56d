import { afterAll, beforeAll, test } from "vitest";
import { StandInServer } from "../test/servers/server";
import { Deployment } from "../test/support/deployment";
import { eventually } from "../test/support/eventually";
import { containersOf } from "../test/support/office-story";
import { interleaved, roundsOf, row, seconds, spread, tell } from "./report";

/** pgbench's scale: 70 is a database of 1 GB, 670 of 10 GB. */
const SCALE = Number(process.env.SCALE ?? 70);
const ROUNDS = roundsOf(3);
/** Length of a run of pgbench. */
const SECONDS = 20;

let server: StandInServer;
let deployment: Deployment;
let settings: Record<string, unknown>;

beforeAll(async () => {
  server = await StandInServer.start({ name: "recovery" });
  settings = { ...server.settings, databaseMemoryMb: 2048, drainSeconds: 2 };
  deployment = await Deployment.create("recovery", settings);
  await deployment.make("up");
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

const container = async (service: string) => (await containersOf(deployment, server.docker, service))[0] ?? "";
const log = async () => server.exec(`docker logs ${await container("backups")} 2>&1`);

/** Runs a shell command line in the database's container, as its superuser. */
async function inDatabase(command: string): Promise<string> {
  const script = `export PGUSER="$POSTGRES_USER" PGDATABASE="$POSTGRES_DB"; ${command}`;
  return server.docker("exec", await container("postgres"), "sh", "-c", script);
}

/** The newest duration in the log of the backup container, in seconds. */
async function logged(line: RegExp): Promise<number> {
  const found = [...(await log()).matchAll(line)].at(-1);
  return Number(found?.[1]);
}

/** MB that the repository has on the server. */
async function stored(): Promise<number> {
  return (
    Number((await server.docker("exec", await container("backups"), "du", "-sk", "/srv/backups")).split("\t")[0]) / 1024
  );
}

test("a large database: backup, base backup, restore to a time, and drill", async () => {
  const filled = await seconds(() => inDatabase(`pgbench --initialize --quiet --scale ${SCALE}`));
  const size = Number(await inDatabase("psql -qAtc 'SELECT pg_database_size(current_database())'")) / 2 ** 20;
  tell("", `Database: ${(size / 1024).toFixed(1)} GiB, filled in ${filled.toFixed(0)} s.`);
  tell("", "| What | s | MiB stored |", "|---|---|---|");
  let before = await stored();
  const tellStep = async (what: string, duration: number) => {
    const now = await stored();
    tell(row(what, duration.toFixed(0), (now - before).toFixed(0)));
    before = now;
  };
  await deployment.make("backup");
  await tellStep("backup (pg_dump)", await logged(/Backup \w+ \(manual\) in (\d+) s/g));
  settings = { ...settings, backupPointInTimeDays: 1 };
  deployment.configure(settings);
  await deployment.make("up");
  await eventually(1800, async () => {
    if (!/Base backup/.test(await log())) throw new Error("no base backup yet");
  });
  await tellStep("base backup", await logged(/Base backup \w+ of postgres in (\d+) s/g));
  await inDatabase(`pgbench --client 8 --jobs 2 --time ${SECONDS} --no-vacuum`);
  const at = new Date().toISOString().slice(0, 19);
  await inDatabase(`pgbench --client 8 --jobs 2 --time ${SECONDS} --no-vacuum`);
  await eventually(300, async () => {
    const { failed } = await deployment.berth("backups", "--times");
    const until = (await deployment.berth("backups", "--times", "--json")).output;
    if (failed || !until.includes("until") || !isCovered(until, at)) throw new Error("not archived yet");
  });
  const restored = await seconds(() => deployment.berth("restore", "--at", `${at}Z`, "--yes"));
  await tellStep("restore to a time (berth restore --at)", restored);
  const drilled = await seconds(() => deployment.berth("restore-drill"));
  await tellStep("drill", drilled);
});

function isCovered(listed: string, at: string): boolean {
  const ranges = JSON.parse(listed) as { from: string; until: string }[];
  return ranges.some(
    ({ from, until }) => Date.parse(from) <= Date.parse(`${at}Z`) && Date.parse(until) >= Date.parse(`${at}Z`),
  );
}

test("the cost of the archive under pgbench", async () => {
  const backups = await container("backups");
  const run = async () => {
    const printed = await inDatabase(`pgbench --client 8 --jobs 2 --time ${SECONDS} --no-vacuum`);
    return Number(/^tps = ([\d.]+)/m.exec(printed)?.[1]);
  };
  const measured = await interleaved(
    {
      archived: run,
      // Paused, it neither receives WAL nor compresses and encrypts it.
      alone: async () => {
        await server.docker("pause", backups);
        try {
          return await run();
        } finally {
          await server.docker("unpause", backups);
        }
      },
    },
    ROUNDS,
  );
  const ratios = measured.archived.map((value, round) => value / (measured.alone[round] ?? Number.NaN));
  tell("", "| Transactions/s | archived | not archived | ratio |", "|---|---|---|---|");
  tell(row("pgbench, 8 clients", spread(measured.archived, 0), spread(measured.alone, 0), spread(ratios)));
});
