/** @module-tag extended */
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visitor } from "../../support/browser";
import { Deployment } from "../../support/deployment";
import { eventually } from "../../support/eventually";
import { localDocker } from "../../support/local-docker";
import { containersOf } from "../../support/office-story";
import { freePort } from "../../support/ports";
import { SecuLite } from "../../support/seculite";

const EDGE = "http://nginx-sandbox/";

let deployment: Deployment;
let browser: Browser;
let url: string;
let backendPort: number;

beforeAll(async () => {
  browser = await startBrowser();
  const httpPort = await freePort();
  backendPort = await freePort();
  url = `http://localhost:${httpPort}`;
  deployment = await Deployment.create(
    "development",
    {
      httpAddress: "127.0.0.1",
      httpPort,
      debug: true,
      liveReload: true,
      databasePort: await freePort(),
      redisPort: await freePort(),
      backendPort,
      drainSeconds: 5,
      workerStopSeconds: 5,
      signInsPerMinute: 600,
    },
    { project: "examples/seculite" },
  );
  await deployment.up();
});

afterAll(async () => {
  await browser?.close();
  await deployment.destroyWithData();
  deployment.remove();
});

test("an edit of the page shows without a reload", async () => {
  const visitor = await Visitor.open(browser, url);
  const { page } = visitor;
  await page.goto("/sign-in");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("User name").fill("half typed");
  deployment.edit("frontend/src/pages/SignInPage.vue", (text) => text.replace("<h1>Sign in</h1>", "<h1>Welcome</h1>"));
  await page.getByRole("heading", { name: "Welcome" }).waitFor();
  expect(await page.getByLabel("User name").inputValue()).toBe("half typed");
  expect(visitor.browserErrors).toEqual([]);
});

test("an edit of the backend takes effect in web and worker, without an `up`", async () => {
  const running = await containersOf(deployment, localDocker);
  const site = new SecuLite(url, deployment.fetch);
  const { adminUser, adminPassword } = await deployment.outputs();
  await site.signIn(adminUser, adminPassword);
  deployment.edit("backend/seculite_api/health.py", (text) => text.replace('"ok"', '"edited"'));
  await eventually(20, async () => expect(await (await site.ask("/api/health/")).text()).toContain("edited"));
  deployment.edit("backend/scans/scanner/scan.py", (text) => text.replace('"Answer"', '"Edited answer"'));
  await eventually(60, async () => {
    const scan = await site.request(EDGE);
    await eventually(10, async () => expect((await site.scan(scan)).result).not.toBeNull());
    const titles = (await site.scan(scan)).result?.findings.map(({ title }) => title);
    expect(titles).toContain("Edited answer");
  });
  expect(await containersOf(deployment, localDocker)).toEqual(running);
});

test("an edit restarts beat, which remains the only one", async () => {
  const [beat = ""] = await containersOf(deployment, localDocker, "beat");
  const output = async () => (await execa("docker", ["logs", beat], { all: true })).all;
  expect(await output()).toContain("This is the only beat.");
  deployment.edit("backend/seculite_api/beat.py", (text) =>
    text.replace("This is the only beat.", "Edited, and alone."),
  );
  await eventually(30, async () => expect(await output()).toContain("Edited, and alone."));
  expect(await containersOf(deployment, localDocker, "beat")).toEqual([beat]);
});

test("the page suggests a URL that works: plain HTTP without TLS", async () => {
  const visitor = await Visitor.open(browser, url);
  const { adminUser, adminPassword } = await deployment.outputs();
  await visitor.page.goto("/sign-in");
  await visitor.signIn(adminUser, adminPassword);
  await visitor.page.locator(`datalist option[value="${EDGE}"]`).waitFor({ state: "attached" });
  expect(await visitor.page.getByLabel("Address").getAttribute("placeholder")).toBe("http://");
});

test("`make status` finds no problem", async () => {
  await eventually(60, async () => {
    const output = await deployment.make("status");
    for (const service of ["backend", "worker", "beat", "vite", "nginx", "postgres", "redis"]) {
      expect(output).toMatch(new RegExp(`^${service} .* running .* healthy`, "m"));
    }
  });
});

test("gunicorn, the database and Redis are reachable on this machine's loopback address only", async () => {
  expect((await deployment.fetch(`http://localhost:${backendPort}/api/health/`)).status).toBe(200);
  for (const [service, port] of [
    ["backend", "8000"],
    ["postgres", "5432"],
    ["redis", "6379"],
  ] as const) {
    const [container = ""] = await containersOf(deployment, localDocker, service);
    expect(await localDocker("port", container)).toMatch(new RegExp(`^${port}/tcp -> 127\\.0\\.0\\.1:\\d+$`));
  }
});
