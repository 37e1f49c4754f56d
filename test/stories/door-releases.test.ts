import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { DoorVisitor } from "../support/door-visitor";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

const SITES = { "plain.test": { tls: "off" }, "secure.test": { tls: "self-signed" } };
const RELEASES = 3;

let server: StandInServer;
const projects: SmallProject[] = [];

beforeAll(async () => {
  server = await StandInServer.start({ name: "door-releases" });
  for (const [site, { tls }] of Object.entries(SITES)) {
    const settings = { ...server.settings, siteName: site, frontDoor: true, tls, drainSeconds: 3 };
    const project = SmallProject.of(site, settings);
    projects.push(project);
    await succeeded(project.berth("up"));
  }
});
afterAll(async () => {
  await server?.stop();
  for (const project of projects) project.remove();
});

/** Requests a site on one connection as long as it is kept, with reading and writing requests in turn. */
async function visitKept(site: string, tls: boolean, until: () => boolean) {
  const agent = tls
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const visitor = new DoorVisitor({ http: 80, https: 443 }, server.address);
  const seen = { answered: 0, failures: [] as string[] };
  for (let turn = 0; !until(); turn++) {
    const method = turn % 2 === 0 ? "GET" : "POST";
    const answer = await visitor.ask(site, "/", { tls, agent, method, ...(method === "POST" && { body: "x=1" }) }).then(
      ({ status, text }) => (text.includes(site) ? "" : `${method}: ${status} ${text}`),
      (error) => `${method}: ${error}`,
    );
    if (answer === "") seen.answered++;
    else seen.failures.push(answer);
    await sleep(20);
  }
  agent.destroy();
  return seen;
}

test("kept connections behind the front door survive releases, over HTTP and HTTPS", { tags: "extended" }, async () => {
  let done = false;
  const visits = Promise.all(
    Object.entries(SITES).flatMap(([site, { tls }]) => [0, 1].map(() => visitKept(site, tls !== "off", () => done))),
  );
  for (let release = 1; release <= RELEASES; release++) {
    for (const project of projects) {
      project.edit("app/server.mjs", (text) => `${text}\n// Release ${release}.`);
      await succeeded(project.berth("up"));
      // The previous nginx ends its idle connections after ten seconds.
      await sleep(12_000);
    }
  }
  done = true;
  for (const { answered, failures } of await visits) {
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(500);
  }
});
