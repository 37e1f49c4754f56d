import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { collecting, collectOptions, type Registered } from "../../support/mocks";

const top = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "berth-one-server-"));
const health = { command: ["healthy"] };

beforeAll(() => {
  cpSync(join(top, "nginx"), join(folder, "app"), { recursive: true });
  writeFileSync(join(folder, "app", "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "release.files"), "app\n");
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(top);
  rmSync(folder, { recursive: true });
});

/** A program with each kind of component. */
function build(stack: berth.Stack) {
  const front = new berth.Network("front", { stack });
  const networks = [front, new berth.Network("back", { stack, internal: true })];
  const postgres = new berth.Postgres("postgres", { networks, database: "mails", user: "mails_user" });
  const redis = new berth.Redis("redis", { networks });
  const backups = new berth.Backups("backups", { ...stack.config.backups, databases: [postgres], networks });
  const image = new berth.Image("app", { stack, context: "app" });
  const media = new berth.Volume("media", { stack });
  const app = {
    networks,
    image,
    files: { "/run/secrets/redis": redis.password },
    user: "10001:10001",
    tmpfs: ["/tmp"],
    scratch: ["/var/uploads"],
  };
  new berth.Job("migrate", { ...app, migrations: "m1", backup: backups });
  const web = new berth.WebService("web", { ...app, port: 8000, health, replicas: 2, volumes: { "/media": media } });
  new berth.Worker("worker", { ...app, health, replicas: 2, stopGrace: 75 });
  new berth.Worker("beat", { ...app, single: true, after: web });
  new berth.Cron("nightly", { ...app, command: ["report"], schedule: "0 3 * * *", timeZone: "Europe/Berlin" });
  new berth.Adminer("adminer", { networks, loopbackPort: 8081 });
  const edge = new berth.Edge("nginx", {
    ...stack.config.edge,
    networks: [front],
    image: "nginx:alpine",
    upstreams: { web },
    certificate: berth.siteCertificate(stack.config.tls, front),
  });
  return { url: edge.url };
}

/** Lines of what a program registers, sorted: a resource with its inputs and some options. */
async function registeredBy(config: Record<string, string>): Promise<string> {
  const registered = await collecting(config);
  let asked: ReturnType<typeof collectOptions> = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    return berth.stack({ settings: {} }, build);
  });
  await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-swept"), { timeout: 20_000 });
  const options = ({ type, name }: Registered) => {
    const { opts } = asked.find((one) => one.type === type && one.name === name) ?? {};
    return [opts?.deleteBeforeReplace, opts?.replaceOnChanges, opts?.ignoreChanges, opts?.retainOnDelete];
  };
  return registered
    .map(
      (one) => `${JSON.stringify([one.type, one.name, one.provider, one.secrets, options(one), one.inputs], short)}\n`,
    )
    .sort()
    .join("");
}

/** Without scripts and fingerprints of sources, which change for other reasons. */
function short(_: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.length < 200 ? value.replaceAll(/[0-9a-f]{12,}/g, "…") : "…";
}

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

test.each([
  ["this-machine", {}],
  ["over-ssh", { serverHost: "mail.example.org", serverHostKey: HOST_KEY, tls: "self-signed", logsMaxSizeMb: "100" }],
])("a program for one server registers what it did before there were several (%s)", async (kind, config) => {
  await expect(await registeredBy(config)).toMatchFileSnapshot(`./golden/one-server-${kind}.jsonl`);
});
