import { afterAll, beforeAll, expect, test } from "vitest";
import { PrivateRegistry } from "../servers/registry";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { containersOf, type Docker, officeDay } from "../support/office-story";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let registry: PrivateRegistry;
let deployment: Deployment;
let docker: Docker;

beforeAll(async () => {
  [server, registry] = await Promise.all([StandInServer.start({ name: "registry" }), PrivateRegistry.start()]);
  await server.exec(
    "printf 'Port 22\\nPort 2222\\nMaxSessions 30\\n' > /etc/ssh/sshd_config.d/own.conf && systemctl restart ssh",
  );
  await registry.trustHere();
  await registry.trustOn(server);
  docker = server.docker;
  deployment = await Deployment.create("registry", {
    ...server.settings,
    // Not sshd's default port: the pinned key must work there too.
    serverPort: 2222,
    registryAddress: registry.address,
    registryUsername: registry.username,
    drainSeconds: 5,
  });
  // Docker's trust is configured in its own files; Pulumi's provider contacts the registry itself.
  deployment.environment.SSL_CERT_FILE = registry.bundleFile;
  await deployment.setSecret("registryPassword", registry.password);
});

afterAll(async () => {
  await server.stop();
  await registry.stop();
  deployment.remove();
});

test("images are built here, pushed with a password and pulled by digest on the server", async () => {
  await deployment.up();
  await officeDay(deployment, docker);
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  expect(await docker("inspect", "--format", "{{.Config.Image}}", backend)).toMatch(
    new RegExp(`^${registry.address}/mailtracker-${deployment.stack}/backend@sha256:[0-9a-f]{64}$`),
  );
});

test("nothing is built on the server, and its Docker stores no password", async () => {
  expect(await docker("images", "--quiet", "--filter", "reference=python")).toBe("");
  expect(await server.exec("cat /root/.docker/config.json 2>/dev/null || true")).not.toContain("auth");
});

test("sshd keeps its administrator's configuration", async () => {
  expect(await server.exec("ls /etc/ssh/sshd_config.d")).not.toContain("berth");
  expect(await server.exec("sshd -T | grep -i ^maxs")).toBe("maxsessions 30\nmaxstartups 10:30:100");
});

test("the password is encrypted in the state, and a second `up` changes nothing", async () => {
  expect(deployment.state()).not.toContain(registry.password);
  await deployment.up("--expect-no-changes");
});

test("a release is pulled and takes over without downtime", { tags: "extended" }, async () => {
  const { url, release: before } = await deployment.outputs();
  deployment.edit("backend/entrypoint.sh", (text) => `${text}# The second release.\n`);
  const visits = await whileVisiting(`${url}/api/health/`, () => deployment.up());
  expect((await deployment.outputs()).release).not.toBe(before);
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
});

test("a wrong password is a clear error, and the running version keeps serving", async () => {
  await deployment.setSecret("registryPassword", "not the password");
  deployment.edit("backend/entrypoint.sh", (text) => `${text}# The third release.\n`);
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(output).toMatch(/unauthorized|authentication required|incorrect|denied/i);
  await officeDay(deployment, docker);
});

test("the previous release is rolled back to from the server's own images, without the registry", {
  tags: "extended",
}, async () => {
  const { url } = await deployment.outputs();
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  const second = await docker("inspect", "--format", "{{.Config.Image}}", backend);
  const visits = await whileVisiting(`${url}/api/health/`, () => deployment.make("rollback", "YES=1"));
  expect(visits.failures).toEqual([]);
  const [again = ""] = await containersOf(deployment, docker, "backend");
  const first = await docker("inspect", "--format", "{{.Config.Image}}", again);
  expect(first).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(first).not.toBe(second);
  await officeDay(deployment, docker);
});
