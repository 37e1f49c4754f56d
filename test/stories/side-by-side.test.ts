/** @module-tag extended */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { containersOf } from "../support/office-story";

type Name = "mailtracker" | "seculite" | "antone" | "devportal";

const FOLDERS: Record<Name, string> = {
  mailtracker: ".",
  seculite: "examples/seculite",
  antone: "examples/antone",
  devportal: "examples/devportal",
};
const NAMES = Object.keys(FOLDERS) as Name[];

/** What answers at each port of the development stacks: the ports of their Pulumi.dev.yaml, which this test needs to be free. */
const ANSWERS: [name: Name, what: string, url: string, text: string][] = [
  ["mailtracker", "the site", "http://localhost:8080/api/health/", '"ok"'],
  ["seculite", "the site", "http://localhost:8090/api/health/", '"ok"'],
  ["seculite", "the page, from Vite", "http://localhost:8090/", "<title>SecuLite"],
  ["seculite", "gunicorn itself", "http://localhost:8001/api/health/", '"ok"'],
  ["antone", "the site", "http://localhost:8100/", "Antone"],
  ["antone", "the dashboard itself", "http://localhost:3000/", "Antone"],
  ["antone", "the API itself", "http://localhost:3001/health", '"ok"'],
  ["antone", "Node's inspector", "http://localhost:9229/json/version", "node.js"],
  ["devportal", "the site", "http://localhost:8000/health", '"ok"'],
  ["devportal", "Swagger UI", "http://localhost:8000/docs", "swagger"],
  ["devportal", "redis-commander", "http://localhost:8082/", "Redis Commander"],
];

/** Databases and Redis servers for tools: the output with the URL, and its port. */
const STORES: [name: Name, output: string, port: string][] = [
  ["mailtracker", "database", "5436"],
  ["seculite", "database", "5434"],
  ["seculite", "broker", "6381"],
  ["antone", "database", "5435"],
  ["devportal", "database", "5433"],
  ["devportal", "cache", "6380"],
];

const deployments = {} as Record<Name, Deployment>;

/** The settings of a project's development stack, without the project's name. */
function developmentSettings(folder: string): Record<string, unknown> {
  const { config } = parse(readFileSync(`${folder}/Pulumi.dev.yaml`, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]));
}

// One after the other, as on a developer's machine.
beforeAll(async () => {
  for (const name of NAMES) {
    const project = FOLDERS[name];
    deployments[name] = await Deployment.copy("side", developmentSettings(project), { project });
    const { output, failed } = await deployments[name].berth("up");
    if (failed) throw new Error(`${name}: ${output}`);
  }
}, 3_600_000);

afterAll(async () => {
  for (const deployment of Object.values(deployments)) {
    await deployment.destroyWithData();
    deployment.remove();
  }
});

test.each(ANSWERS)("%s: %s answers at %s", async (name, _, url, text) => {
  await eventually(60, async () => {
    const answer = await deployments[name].fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(text);
  });
});

test("devportal: Adminer answers at http://localhost:8081/, and leads to the database", async () => {
  const answer = await deployments.devportal.fetch("http://localhost:8081/", { redirect: "manual" });
  expect(answer.headers.get("location")).toContain("db=devportal");
});

test.each(STORES)("%s: tools sign in to its %s at port %s", async (name, output, port) => {
  const outputs = (await deployments[name].outputs()) as unknown as Record<string, string>;
  const url = new URL(outputs[output] ?? "");
  expect(url.host).toBe(`127.0.0.1:${port}`);
  const client = ["run", "--rm", "--network", "host"];
  if (url.protocol === "redis:") {
    const words = ["redis-cli", "--no-auth-warning", "-u", url.href, "ping"];
    expect(await localDocker(...client, "redis:7-alpine", ...words)).toBe("PONG");
  } else {
    const query = ["psql", url.href, "-Atc", "select current_database()"];
    expect(await localDocker(...client, "postgres:16-alpine", ...query)).toBe(name);
  }
});

test.each(NAMES)("%s has no problem while the three others run", async (name) => {
  await eventually(120, async () => {
    const { output, exitCode } = await deployments[name].berth("status");
    expect({ output, exitCode }).toMatchObject({ exitCode: 0 });
  });
});

test("`up --no-cache` builds the images of one stack from scratch and keeps its data, and the others keep running", async () => {
  const { mailtracker } = deployments;
  /** The images of backend and nginx: their ids and tags. */
  const images = async () => {
    const containers = await Promise.all(
      ["backend", "nginx"].map((service) => containersOf(mailtracker, localDocker, service)),
    );
    const inspected = await localDocker("inspect", "--format", "{{.Image}} {{.Config.Image}}", ...containers.flat());
    return inspected.split(/\s+/);
  };
  const containersOfOthers = async () =>
    Promise.all(
      NAMES.filter((name) => name !== "mailtracker").map((name) => containersOf(deployments[name], localDocker)),
    );
  const sql = async (text: string) => {
    const { output, failed } = await mailtracker.berth("psql", "-c", text);
    if (failed) throw new Error(output);
    return output;
  };
  await sql("create table kept (word text); insert into kept values ('still here')");
  const [before, others] = [await images(), await containersOfOthers()];
  const database = await containersOf(mailtracker, localDocker, "postgres");

  const { output, failed } = await mailtracker.berth("up", "--no-cache");
  expect({ output, failed }).toMatchObject({ failed: false });
  const rebuilt = await images();
  expect(rebuilt).toHaveLength(4);
  for (const image of rebuilt) expect(before).not.toContain(image);
  expect(await sql("select word from kept")).toContain("still here");
  expect(await containersOf(mailtracker, localDocker, "postgres")).toEqual(database);
  expect(await containersOfOthers()).toEqual(others);

  // The next deployment keeps them, with nothing to do.
  expect((await mailtracker.berth("up")).output).toContain("Nothing has changed");
  expect(await images()).toEqual(rebuilt);
});
