import { afterAll, beforeAll, expect, test } from "vitest";
import { Antone } from "../../support/antone";
import { Deployment } from "../../support/deployment";
import { eventually } from "../../support/eventually";
import { localDocker } from "../../support/local-docker";
import { containersOf } from "../../support/office-story";
import { freePort } from "../../support/ports";

let deployment: Deployment;
let url: string;
let site: Antone;
let inspectorPort: number;
let apiPort: number;
let dashboardPort: number;

beforeAll(async () => {
  const httpPort = await freePort();
  inspectorPort = await freePort();
  apiPort = await freePort();
  dashboardPort = await freePort();
  url = `http://localhost:${httpPort}`;
  deployment = await Deployment.create(
    "antone-development",
    {
      httpAddress: "127.0.0.1",
      httpPort,
      liveReload: true,
      inspectorPort,
      apiPort,
      dashboardPort,
      dashboardMemoryMb: 1024,
      dashboardCpus: "2",
      drainSeconds: 5,
    },
    { project: "examples/antone" },
  );
  await deployment.up();
  site = new Antone(url, deployment.fetch);
  await site.signIn((await deployment.outputs()).adminPassword);
});

afterAll(async () => {
  await deployment?.destroyWithData();
  deployment?.remove();
});

const text = async (path: string) => (await deployment.fetch(url + path)).text();
const published = async (body: string) => {
  const { id } = await site.schedule(body);
  await eventually(20, async () => expect(await site.post(id)).toMatchObject({ status: "published" }));
  return site.post(id);
};

test("a scheduled post is published, from mounted sources", async () => {
  expect((await published("Hello")).detail).toBe("in the worker's log");
});

test("the application's own tests of API and worker pass in its development image", async () => {
  const tests = ["api", "worker"].flatMap((name) => {
    const folder = `packages/${name}/test`;
    return ["--volume", `${process.cwd()}/examples/antone/app/${folder}:/app/${folder}:ro`];
  });
  const [api = ""] = await containersOf(deployment, localDocker, "backend-api");
  const image = await localDocker("inspect", "--format", "{{.Image}}", api);
  const output = await localDocker(
    ...["run", "--rm", ...tests, "--tmpfs", "/tmp", "--network", "none", image],
    ...["node", "--conditions=development", "--test", "packages/*/test/*.test.ts"],
  );
  expect(output).toMatch(/pass [1-9]/);
  for (const tested of ["DeepSeek", "healthchecks.io", "Threads"]) expect(output).toContain(tested);
});

test("edits of API, worker and dashboard take effect at once, without an `up`", async () => {
  const running = await containersOf(deployment, localDocker);
  deployment.edit("app/packages/api/src/app.ts", (code) => code.replace('status: "ok"', 'status: "edited"'));
  await eventually(20, async () => expect(await text("/health")).toContain('"edited"'));

  deployment.edit("app/packages/worker/src/sinks/index.ts", (code) =>
    code.replace("in the worker's log", "in the edited log"),
  );
  await eventually(20, async () => expect((await published("Again")).detail).toBe("in the edited log"));

  expect(await text("/")).toContain("Antone");
  deployment.edit("app/packages/dashboard/src/pages/index.tsx", (code) =>
    code.replace("<h1>Antone</h1>", "<h1>Edited</h1>"),
  );
  await eventually(30, async () => expect(await text("/")).toContain("Edited"));
  expect(await containersOf(deployment, localDocker)).toEqual(running);
});

test("Node's inspector listens on the loopback address", async () => {
  const [target] = JSON.parse(await (await deployment.fetch(`http://127.0.0.1:${inspectorPort}/json/list`)).text()) as {
    url: string;
  }[];
  expect(target?.url).toBe("file:///app/packages/api/src/index.ts");
});

test("API and dashboard have a port of their own on the loopback address", async () => {
  const at = (port: number, path: string) => deployment.fetch(`http://127.0.0.1:${port}${path}`);
  expect(await (await at(apiPort, "/health")).json()).toMatchObject({ status: "edited" });
  expect(await (await at(dashboardPort, "/")).text()).toContain("Antone");
  // The dashboard forwards to the API, which requires a sign-in.
  expect((await at(dashboardPort, "/api/posts")).status).toBe(401);
  for (const [service, ports] of [
    ["backend-api", [`3001/tcp -> 127.0.0.1:${apiPort}`, `9229/tcp -> 127.0.0.1:${inspectorPort}`]],
    ["dashboard", [`3000/tcp -> 127.0.0.1:${dashboardPort}`]],
  ] as const) {
    const [container = ""] = await containersOf(deployment, localDocker, service);
    expect((await localDocker("port", container)).split("\n").sort()).toEqual(ports);
  }
});

test("`make status` finds no problem", async () => {
  // Docker's first health check runs after half a minute.
  await eventually(60, async () => {
    const output = await deployment.make("status");
    for (const service of ["backend-api", "backend-worker", "dashboard", "nginx", "postgres"]) {
      expect(output).toMatch(new RegExp(`^${service} .* running .* healthy`, "m"));
    }
  });
});
