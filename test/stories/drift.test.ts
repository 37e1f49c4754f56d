import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { containersOf, type Docker, networkOf } from "../support/office-story";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let deployment: Deployment;
let docker: Docker;

beforeAll(async () => {
  server = await StandInServer.start({ name: "drift" });
  docker = server.docker;
  deployment = await Deployment.create("drift", {
    ...server.settings,
    serverUser: "ubuntu",
    replicas: 2,
    drainSeconds: 5,
  });
  await deployment.up();
});

afterAll(async () => {
  await server.stop();
  deployment.remove();
});

test("after an `up`, there is no drift, and another `up` changes nothing", async () => {
  await nothingDiffers();
  await deployment.up("--expect-no-changes");
});

test("a removed container, and a changed file in another one, are reverted", async () => {
  const [removed = "", kept = ""] = await namesOf("backend");
  const secret = "/run/secrets/secret-key";
  await docker("rm", "--force", removed);
  await changeFile(kept, secret, "an-entirely-other-secret-key");

  const shown = await differs();
  expect(shown).toContain(`(${removed}):\n  - missing`);
  expect(shown).toContain(`(${kept}):\n  - file ${secret}: content differs`);
  expect(shown).not.toContain("an-entirely-other");
  await mendedUnnoticed();
  expect(await namesOf("backend")).toHaveLength(2);
  expect(await namesOf("backend")).not.toContain(kept);
});

test("a stopped container, one cut off from the database, and a foreign one are reverted", {
  tags: "extended",
}, async () => {
  const [stopped = "", cutOff = ""] = await namesOf("backend");
  const database = await networkOf(deployment, docker, "database_network");
  await docker("stop", "--time", "1", stopped);
  await docker("network", "disconnect", database, cutOff);
  await docker(
    "run",
    "--detach",
    "--name",
    "foreign",
    ...labels("backend"),
    "--entrypoint",
    "sleep",
    await image(),
    "600",
  );

  const shown = await differs();
  expect(shown).toMatch(new RegExp(`\\(${stopped}\\):\n {2}- is stopped \\(exit code \\d+\\), should run`));
  expect(shown).toContain(`(${cutOff}):\n  - network ${database}: missing, deployed as aliases backend`);
  expect(shown).toMatch(/Container foreign \(\w+\):\n {2}- not deployed, but has the labels of this stack/);
  // The disconnected container still responds, except to requests that need the database.
  await deployment.make("up");
  await nothingDiffers();
  // Started again, not re-created.
  expect(await namesOf("backend")).toEqual(expect.arrayContaining([stopped]));
  expect(await docker("ps", "--all", "--quiet", "--filter", "name=foreign")).toBe("");
});

test("changed limits of running containers and a changed nginx configuration are reverted", {
  tags: "extended",
}, async () => {
  const [nginx = ""] = await namesOf("nginx");
  const [postgres = ""] = await namesOf("postgres");
  await docker("update", "--memory", "400m", "--memory-swap", "400m", "--restart", "no", postgres);
  await docker("update", "--pids-limit", "77", nginx);
  await changeFile(nginx, "/etc/nginx/nginx.conf", "events {}");

  const shown = await differs();
  expect(shown).toContain("  - limit of memory: is 400 MiB, deployed as 512 MiB");
  expect(shown).toContain("  - restart policy: is no, deployed as unless-stopped");
  expect(shown).toContain("  - limit of processes: is 77, deployed as 50");
  expect(shown).toContain("  - file /etc/nginx/nginx.conf: content differs");
  await mendedUnnoticed();
  // Updated in place: the database was not stopped.
  expect(await namesOf("postgres")).toEqual([postgres]);
  const limits = "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}";
  expect(await docker("inspect", "--format", limits, postgres)).toBe(`${512 * 1024 * 1024} unless-stopped`);
});

test("a container re-created by hand with other settings serves until its replacement does", {
  tags: "extended",
}, async () => {
  const [made = ""] = await namesOf("backend");
  const { Config, HostConfig } = JSON.parse(await docker("inspect", "--format", "{{json .}}", made));
  const environment = (Config.Env as string[]).map((one) => one.replace(/^GUNICORN_WORKERS=.*/, "GUNICORN_WORKERS=1"));
  // It does not get its files again, so it cannot really serve.
  await docker("rm", "--force", made);
  await docker(
    ...["run", "--detach", "--name", made, ...labels("backend")],
    ...[...environment, "PAGER_PASSWORD=hunter2hunter2"].flatMap((one) => ["--env", one]),
    ...["--memory", String(HostConfig.Memory), "--entrypoint", "sleep", Config.Image, "600"],
  );

  const shown = await differs();
  expect(shown).toContain(`missing; ${made} (`);
  expect(shown).toContain("  - environment GUNICORN_WORKERS: is 1, deployed as 4");
  expect(shown).toContain("  - environment PAGER_PASSWORD: not deployed, is another value, not shown");
  expect(shown).toMatch(/ {2}- label berth.spec: missing, deployed as \w+/);
  expect(shown).not.toContain("hunter2");
  await mendedUnnoticed();
  expect(await namesOf("backend")).toHaveLength(2);
});

test("a changed Docker configuration and a removed image tag are reverted", { tags: "extended" }, async () => {
  const dropIn = "/etc/systemd/system/docker.service.d/berth.conf";
  const settings = "/etc/docker/daemon.json";
  const { "live-restore": _, ...other } = JSON.parse(await server.exec(`cat ${settings}`));
  const edited = { ...other, "log-opts": { ...other["log-opts"], "max-size": "90m" }, debug: true };
  await server.exec(`cat >${settings} && rm ${dropIn}`, JSON.stringify(edited));
  await docker("rmi", "--force", await image());

  const shown = await differs();
  expect(shown).toContain(`(${settings}):`);
  expect(shown).toContain("  - log-opts.max-size: is 90m, deployed as 10m");
  expect(shown).toContain("  - live-restore: missing, deployed as true");
  expect(shown).not.toContain("debug");
  expect(shown).toContain(`(${dropIn}):\n  - missing`);
  expect(shown).toMatch(/Image backend \(.*\):\n {2}- missing/);
  await mendedUnnoticed();
  // Foreign settings are kept.
  expect(JSON.parse(await server.exec(`cat ${settings}`))).toMatchObject({ "live-restore": true, debug: true });
});

test("a removed database container and a network created by hand are reverted", { tags: "extended" }, async () => {
  const network = await networkOf(deployment, docker, "mailtracker_network");
  await docker("rm", "--force", ...(await namesOf("postgres")));
  for (const name of await connectedTo(network)) await docker("network", "disconnect", "--force", network, name);
  await docker("network", "rm", network);
  await docker("network", "create", "--internal", network);

  const shown = await differs();
  expect(shown).toMatch(/Container postgres \(.*\):\n {2}- missing/);
  expect(shown).toContain(`Network ${network}:\n  - missing; another network with its name was created by hand`);
  expect(shown).toContain("  - internal: is true, deployed as false");
  await deployment.make("up");
  await nothingDiffers();
  const { url } = await deployment.outputs();
  expect((await deployment.fetch(`${url}/api/health/`)).status).toBe(200);
});

test("a volume created by hand is reported and left unchanged", { tags: "extended" }, async () => {
  const volume = `mailtracker-${deployment.stack}-static_volume`;
  await deployment.destroy();
  await docker("volume", "rm", volume);
  await docker("volume", "create", volume);
  await deployment.make("up");
  const shown = await differs();
  expect(shown).toContain(`Volume ${volume}:`);
  expect(shown).toContain(`  - label berth.stack: missing, deployed as ${deployment.stack}`);
  expect(shown).toContain("Docker cannot change an existing volume");
});

test("an `up` that cannot read the server's state for drift reports it", { tags: "extended" }, async () => {
  await server.stop();
  const { output, exitCode } = await deployment.drift();
  expect(exitCode).toBe(1);
  expect(output).toContain("does not answer");
});

async function nothingDiffers(): Promise<void> {
  const { output, exitCode } = await deployment.drift();
  expect(output).toContain("is as it was deployed");
  expect(exitCode).toBe(0);
}

/** The output when there is drift. */
async function differs(): Promise<string> {
  const { output, exitCode } = await deployment.drift();
  expect(output).toContain("To revert it: npx berth up --stack ");
  expect(exitCode, output).toBe(4);
  return output;
}

async function mendedUnnoticed(): Promise<void> {
  const { url } = await deployment.outputs();
  const visits = await whileVisiting(`${url}/api/health/`, () => deployment.make("up"));
  expect(visits.failures).toEqual([]);
  expect(visits.answered).toBeGreaterThan(20);
  await nothingDiffers();
}

async function namesOf(service: string): Promise<string[]> {
  const ids = await containersOf(deployment, docker, service);
  if (ids.length === 0) return [];
  const names = await docker("inspect", "--format", "{{.Name}}", ...ids);
  return names.split("\n").map((name) => name.slice(1));
}

async function connectedTo(network: string): Promise<string[]> {
  const names = await docker("network", "inspect", "--format", "{{range .Containers}}{{.Name}} {{end}}", network);
  return names.split(" ").filter((name) => name !== "");
}

/** The backend's image. */
async function image(): Promise<string> {
  const [name = ""] = await namesOf("backend");
  return docker("inspect", "--format", "{{.Config.Image}}", name);
}

function labels(service: string): string[] {
  const all = { project: "mailtracker", stack: deployment.stack, service };
  return Object.entries(all).flatMap(([key, value]) => ["--label", `berth.${key}=${value}`]);
}

/** Other contents with the same owner and mode, as an editor saves them. */
async function changeFile(container: string, path: string, content: string): Promise<void> {
  const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  const owner = await docker("exec", container, "stat", "-c", "%u:%g", path);
  await server.exec(
    `cd /tmp && cat >'${name}' && tar --create --mode 400 --owner ${owner.split(":")[0]} --group ${owner.split(":")[1]} '${name}' | docker cp - '${container}:${folder}'`,
    content,
  );
}
