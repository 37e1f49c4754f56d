import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { DoorVisitor } from "../support/door-visitor";
import { eventually } from "../support/eventually";
import { sample } from "../support/sample";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

let server: StandInServer;
let visitor: DoorVisitor;
let first: SmallProject;
let others: SmallProject[] = [];

const TEN = Array.from({ length: 10 }, (_, index) => index + 1);
/** Ten sites and ten rounds in `make test-all`. */
const names = sample(TEN, 3).map((_, index) => `site-${index + 1}.test`);
const rounds = sample(TEN, 1);
const settings = { tls: "self-signed", frontDoor: true };

/** A project of its own on the server; its page has its name. */
function project(name: string, own: Record<string, unknown>): SmallProject {
  return SmallProject.of(name, { ...server.settings, ...own });
}

async function up(project: SmallProject): Promise<string> {
  return succeeded(project.berth("up"));
}

async function pageOf(name: string): Promise<string> {
  const { status, text } = await visitor.ask(name, "/");
  return status === 200 ? (/<h1>(.*)<\/h1>/.exec(text)?.[1] ?? text) : `status ${status}`;
}

beforeAll(async () => {
  server = await StandInServer.start({ name: "many-sites" });
  visitor = new DoorVisitor({ http: 80, https: 443 }, server.address);
  first = project("site-1.test", { siteName: "site-1.test", tls: "self-signed" });
});

afterAll(async () => {
  await server.stop();
  for (const one of [first, ...others]) one.remove();
});

describe("a server with one site", () => {
  test("refuses a second one on its ports, and names the way to share them", async () => {
    await up(first);
    expect(await pageOf("site-1.test")).toBe("site-1.test 1");
    const second = project("site-2.test", { siteName: "site-2.test", tls: "self-signed" });
    others = [second];
    const { failed, output } = await second.berth("up");
    expect(failed).toBe(true);
    expect(output).toMatch(/port 443: in use by the container \S+ of the stack test of site-1-test/);
    expect(output).toContain("To share the port, set frontDoor to true in both stacks");
  });

  test("moves behind the front door with a downtime of seconds, which the plan announces", async () => {
    first.edit("Pulumi.test.yaml", (text) => `${text}  site-1-test:frontDoor: true\n`);
    const plan = await first.berth("plan");
    expect(plan.output).toMatch(/downtime \(~\d+ s\).*nginx/);
    const announced = Math.max(...[...plan.output.matchAll(/~(\d+) s/g)].map(([, seconds]) => Number(seconds)));
    let done = false;
    const failures: number[] = [];
    const watch = (async () => {
      while (!done) {
        const at = Date.now();
        await pageOf("site-1.test").then(
          (page) => page === "site-1.test 1" || failures.push(at),
          () => failures.push(at),
        );
        await sleep(50);
      }
    })();
    await up(first).finally(() => {
      done = true;
    });
    await watch;
    const measured = (Math.max(...failures) - Math.min(...failures)) / 1000;
    console.log(`moved behind the front door: ${measured} s of downtime, announced ${announced} s`);
    // The stand-in server shares two processors with everything else.
    expect(measured).toBeLessThan(announced * 4 + 5);
    expect(await pageOf("site-1.test")).toBe("site-1.test 1");
  });
});

describe("many sites on one server", () => {
  test("answer by their names, each with its own certificate, redirect and the visitor's address", async () => {
    for (const name of names.slice(1)) {
      const site = name === "site-2.test" && others[0] ? others[0] : project(name, { ...settings, siteName: name });
      if (site === others[0]) site.edit("Pulumi.test.yaml", (text) => `${text}  site-2-test:frontDoor: true\n`);
      else others.push(site);
      await up(site);
    }
    const seen = new Set<string>();
    for (const name of names) {
      expect(await pageOf(name)).toBe(`${name} 1`);
      expect(await visitor.certificate(name)).toContain(`DNS:${name}`);
      seen.add(await visitor.certificate(name));
      const redirect = await visitor.ask(name, "/x", { tls: false });
      expect([redirect.status, redirect.headers.location]).toEqual([308, `https://${name}/x`]);
    }
    expect(seen.size).toBe(names.length);
    const nginx = await server.docker(
      "ps",
      "--quiet",
      "--filter",
      "label=berth.project=site-3-test",
      "--filter",
      "label=berth.joins",
    );
    const gateway = await server.exec("ip route | awk '/default/ { print $3 }'");
    expect(await server.docker("logs", nginx)).toContain(`"client":"${gateway}"`);
  });

  test("get nothing of each other for unknown names", async () => {
    await expect(visitor.certificate("site-11.test")).rejects.toThrow(/unrecognized.name/i);
    expect((await visitor.ask("site-11.test", "/", { tls: false })).status).toBe(404);
  });

  test("a name of another site is refused in the plan and by up, with its owner, and nothing changes", async () => {
    const thief = project("thief.test", { ...settings, siteName: "thief.test", allowedHosts: ["site-2.test"] });
    try {
      const owner = "name site-2.test: belongs to the site of the stack test of site-2-test";
      const plan = await thief.berth("plan");
      expect([plan.exitCode, plan.output]).toEqual([4, expect.stringContaining(owner)]);
      const { failed, output } = await thief.berth("up");
      expect(failed).toBe(true);
      expect(output).toContain(owner);
      expect(await server.docker("ps", "--all", "--quiet", "--filter", "label=berth.project=thief-test")).toBe("");
      expect(await pageOf("site-2.test")).toBe("site-2.test 1");
    } finally {
      thief.remove();
    }
  });

  test("notice nothing of one that is released, rolled back, taken down and brought up again", {
    timeout: 3_600_000,
  }, async () => {
    const failed: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
    const answered: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
    let done = false;
    let down = false;
    const visits = names.map(async (name) => {
      while (!done) {
        const before = down;
        try {
          const page = await pageOf(name);
          if (!page.startsWith(`${name} `)) throw new Error(page);
          answered[name] = (answered[name] ?? 0) + 1;
        } catch (error) {
          if (name !== "site-1.test" || !(before || down)) failed[name]?.push(`${new Date().toISOString()} ${error}`);
        }
        await sleep(100);
      }
    });
    try {
      for (const round of rounds) {
        first.edit("app/server.mjs", (text) => text.replaceAll(/site-1\.test \d+/g, `site-1.test ${round + 1}`));
        await up(first);
        await succeeded(first.berth("rollback", "--yes"));
        down = true;
        expect(await succeeded(first.berth("down", "--yes"))).toContain("It stays for the other sites");
        await up(first);
        await eventually(30, async () => expect(await pageOf("site-1.test")).toMatch(/^site-1\.test /));
        down = false;
      }
    } finally {
      done = true;
      await Promise.all(visits);
    }
    console.log("answered:", answered);
    expect(failed).toEqual(Object.fromEntries(names.map((name) => [name, []])));
    expect(Math.min(...Object.values(answered))).toBeGreaterThan(30 * rounds.length);
  });

  test("are back after a reboot and after a power cut", async () => {
    for (const way of ["reboot", "cutPower"] as const) {
      await server[way]();
      await eventually(120, async () => {
        for (const name of names) expect(await pageOf(name), `${name} after ${way}`).toMatch(`${name} `);
      });
    }
  });

  test("the front door is removed with the last of them, and nothing is left", async () => {
    for (const one of [first, ...others]) {
      await succeeded(one.berth("down", "--yes"));
    }
    for (const list of ["ps --all", "network ls", "volume ls"]) {
      const left = await server.docker(...list.split(" "), "--quiet", "--filter", "name=berth-door");
      expect(left, list).toBe("");
    }
  });
});
