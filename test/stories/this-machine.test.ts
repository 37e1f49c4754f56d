import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { localDocker } from "../support/local-docker";
import { containersOf, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { freePort } from "../support/ports";

let deployment: Deployment;
let day: OfficeDay;
let url: string;
let settings: Record<string, unknown>;

beforeAll(async () => {
  const httpPort = await freePort();
  url = `http://localhost:${httpPort}`;
  settings = { httpAddress: "127.0.0.1", httpPort, drainSeconds: 5 };
  deployment = await Deployment.copy("local", settings);
});

afterAll(async () => {
  await deployment.destroyWithData();
  deployment.remove();
});

test("`make up` starts a site, prints its URL and the sign-in, and changes no file", async () => {
  const file = deployment.path(`Pulumi.${deployment.stack}.yaml`);
  const before = readFileSync(file, "utf8");
  const output = await deployment.make("up");
  expect(output).toContain(`The stack ${deployment.stack} runs: ${url}`);
  expect(output).toContain("Sign in as admin; the first password: npx berth password");
  expect(readFileSync(file, "utf8")).toBe(before);

  const outputs = await deployment.outputs();
  expect(outputs).toMatchObject({ url, adminUser: "admin" });
  expect(outputs.adminPassword).toMatch(/^\w{20}$/);
  expect(output).not.toContain(outputs.adminPassword);
  expect(await (await signedIn(deployment)).release()).toBe(outputs.release);
  day = await officeDay(deployment, localDocker);
});

test("static files have a cache lifetime of a year, and the admin's page is available", async () => {
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

test("a destroyed stack is reported and keeps its data and its backups, and the next `up` uses them", async () => {
  expect(await deployment.make("down", "YES=1")).toContain("Its data is kept on the server, in the volumes");
  expect(await containersOf(deployment, localDocker)).toEqual([]);
  expect(await volumes()).toHaveLength(4);
  const { output, failed } = await deployment.tryMake("status");
  expect(failed).toBe(true);
  expect(output).toContain(
    `The stack ${deployment.stack} is down. To deploy it: npx berth up --stack ${deployment.stack}`,
  );
  await deployment.make("up");
  await expectKept(deployment, day);
});

test("data is deleted only when a setting confirms it with the stack's name", { tags: "extended" }, async () => {
  deployment.configure({ ...settings, forceDestroyData: "another" });
  await deployment.make("up");
  await deployment.make("down", "YES=1");
  expect(await volumes()).toHaveLength(4);

  deployment.configure({ ...settings, forceDestroyData: deployment.stack });
  await deployment.make("up");
  expect(await deployment.make("down", "YES=1")).toContain("The stack and its data are deleted.");
  expect(await volumes()).toEqual([]);
});

async function volumes(): Promise<string[]> {
  const listed = await localDocker("volume", "ls", "--quiet", "--filter", `label=berth.stack=${deployment.stack}`);
  return listed.split("\n").filter((name) => name !== "");
}
