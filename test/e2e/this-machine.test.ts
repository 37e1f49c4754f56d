import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { localDocker } from "../support/local-docker";
import { containersOf, findsAgain, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { freePort } from "../support/ports";

let deployment: Deployment;
let day: OfficeDay;
let url: string;

beforeAll(async () => {
  const httpPort = await freePort();
  url = `http://localhost:${httpPort}`;
  deployment = await Deployment.create("local", { httpAddress: "127.0.0.1", httpPort, drainSeconds: 5 });
});

afterAll(async () => {
  await deployment.destroy();
  await removeVolumes();
  deployment.remove();
});

test("one `up` makes a running site and says how to sign in", async () => {
  await deployment.up();
  const outputs = await deployment.outputs();
  expect(outputs).toMatchObject({ url, adminUser: "admin" });
  expect(outputs.adminPassword).toMatch(/^\w{20}$/);
  expect(await (await signedIn(deployment)).release()).toBe(outputs.release);
  day = await officeDay(deployment, localDocker);
});

test("static files are served for a year, the admin's page is there", async () => {
  const site = await signedIn(deployment);
  const page = await site.get("/admin/login/");
  expect(page.status).toBe(200);
  const [, sheet] = /href="(\/static\/[^"]+\.css)"/.exec(await page.text()) ?? [];
  const answer = await site.get(sheet ?? "");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/css/);
  expect(answer.headers.get("cache-control")).toContain("public, immutable");
});

test("only the edge publishes a port", async () => {
  const published: string[] = [];
  for (const id of await containersOf(deployment, localDocker)) {
    const port = await localDocker("port", id);
    if (port !== "") published.push(port);
  }
  expect(published).toEqual([`80/tcp -> 127.0.0.1:${new URL(url).port}`]);
});

test("a second `up` changes nothing, and a refresh finds no difference", async () => {
  expect(await deployment.up("--expect-no-changes")).toMatch(/unchanged/);
  await deployment.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", deployment.stack);
  await deployment.up("--expect-no-changes");
});

test("what is taken away keeps its data, and the next `up` finds it again", async () => {
  await deployment.destroy();
  expect(await containersOf(deployment, localDocker)).toEqual([]);
  expect(await volumes()).toHaveLength(3);
  await deployment.up();
  await findsAgain(deployment, day);
});

async function volumes(): Promise<string[]> {
  const listed = await localDocker("volume", "ls", "--quiet", "--filter", `label=berth.stack=${deployment.stack}`);
  return listed.split("\n").filter((name) => name !== "");
}

async function removeVolumes(): Promise<void> {
  const left = await volumes();
  if (left.length > 0) await localDocker("volume", "rm", ...left);
}
