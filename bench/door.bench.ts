import { afterAll, beforeAll, test } from "vitest";
import { StandInServer } from "../test/servers/server";
import { SmallProject } from "../test/support/small-project";
import { succeeded } from "../test/support/succeeded";
import { type Measured, prepareLoad, wrk } from "./load";
import { interleaved, roundsOf, row, spread, tell } from "./report";

const ROUNDS = roundsOf(5);
const SECONDS = 5;
const DIRECT_PORT = 8080;

let server: StandInServer;
let projects: SmallProject[] = [];

beforeAll(async () => {
  server = await StandInServer.start({ name: "door" });
  const direct = { ...server.settings, siteName: "direct.test", httpPort: DIRECT_PORT };
  const behind = { ...server.settings, siteName: "behind.test", frontDoor: true };
  projects = [SmallProject.of("direct.test", direct), SmallProject.of("behind.test", behind)];
  for (const project of projects) await succeeded(project.berth("up"));
  await prepareLoad();
});

afterAll(async () => {
  await server?.stop();
  for (const project of projects) project.remove();
});

test("the front door against an edge with ports of its own", async () => {
  const rows = [];
  for (const connections of [1, 16]) {
    const ask = (port: number, name: string) =>
      wrk(`http://${server.address}:${port}/`, connections, SECONDS, { Host: name });
    const { behind, direct } = await interleaved(
      { direct: () => ask(DIRECT_PORT, "direct.test"), behind: () => ask(80, "behind.test") },
      ROUNDS,
    );
    const of = (measured: Measured[], what: keyof Measured) => measured.map((one) => one[what]);
    const ratios = of(behind, "requestsPerSecond").map((rate, round) => rate / (direct[round]?.requestsPerSecond ?? 0));
    const later = of(behind, "p99").map((p99, round) => p99 - (direct[round]?.p99 ?? Number.NaN));
    const rates = [direct, behind].map((measured) => spread(of(measured, "requestsPerSecond"), 0));
    rows.push(row(connections, ...rates, spread(ratios), spread(of(direct, "p99")), spread(later)));
  }
  tell(
    "",
    "| Connections | Requests/s, direct | behind the front door | ratio | p99, ms, direct | later behind it, ms |",
  );
  tell("|---|---|---|---|---|---|", ...rows);
});
