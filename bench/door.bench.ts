import { afterAll, beforeAll, test } from "vitest";
import { StandInServer } from "../test/servers/server";
import { SmallProject } from "../test/support/small-project";
import { succeeded } from "../test/support/succeeded";
import { type Measured, prepareLoad, wrk } from "./load";
import { interleaved, roundsOf, row, spread, tell } from "./report";

const ROUNDS = roundsOf(5);
const SECONDS = 5;

/** Sites with ports of their own and behind the front door. It passes HTTPS on as it is, and HTTP by the name in each request. */
const SITES = {
  "direct.test": { httpPort: 8080 },
  "behind.test": { frontDoor: true },
  "direct-tls.test": { httpPort: 8081, httpsPort: 8443, tls: "self-signed" },
  "behind-tls.test": { frontDoor: true, tls: "self-signed" },
};
const PAIRS = {
  HTTP: { direct: "http://direct.test:8080/", behind: "http://behind.test:80/" },
  HTTPS: { direct: "https://direct-tls.test:8443/", behind: "https://behind-tls.test:443/" },
};

let server: StandInServer;
const projects: SmallProject[] = [];

beforeAll(async () => {
  server = await StandInServer.start({ name: "door" });
  for (const [site, config] of Object.entries(SITES)) {
    const project = SmallProject.of(site, { ...server.settings, siteName: site, ...config });
    projects.push(project);
    await succeeded(project.berth("up"));
  }
  await prepareLoad();
});

afterAll(async () => {
  await server?.stop();
  for (const project of projects) project.remove();
});

test("the front door against an edge with ports of its own", async () => {
  const addresses = Object.fromEntries(Object.keys(SITES).map((site) => [site, server.address]));
  const rows = [];
  for (const [protocol, urls] of Object.entries(PAIRS)) {
    for (const connections of [1, 16]) {
      const ask = (url: string) => () => wrk(url, connections, SECONDS, { addresses });
      const { behind, direct } = await interleaved({ direct: ask(urls.direct), behind: ask(urls.behind) }, ROUNDS);
      const of = (measured: Measured[], what: keyof Measured) => measured.map((one) => one[what]);
      const rates = [direct, behind].map((measured) => of(measured, "requestsPerSecond"));
      const ratios = rates[1]?.map((rate, round) => rate / (rates[0]?.[round] ?? 0)) ?? [];
      const later = (["p50", "p99"] as const).map((what) =>
        of(behind, what).map((value, round) => value - (direct[round]?.[what] ?? Number.NaN)),
      );
      const cells = [...rates.map((rate) => spread(rate, 0)), spread(ratios), ...later.map((values) => spread(values))];
      rows.push(row(protocol, connections, ...cells));
    }
  }
  tell("", "| | Connections | Requests/s, direct | behind it | ratio | median later, ms | p99 later, ms |");
  tell("|---|---|---|---|---|---|---|", ...rows);
});
