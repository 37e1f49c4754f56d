import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { type Asked, collecting, collectOptions, containersAmong, namesOf, type Registered } from "../../support/mocks";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const health = { command: ["healthy"], interval: 30, retries: 3 };
const SETTINGS = {
  siteName: "mail.example.org",
  registryAddress: "registry.example.org",
  registryUsername: "ci",
  registryPassword: "secret",
  servers: JSON.stringify({
    alpha: { host: "10.0.0.1", hostKey, roles: ["edge", "data"] },
    beta: { host: "10.0.0.2", hostKey, roles: ["edge"], user: "ubuntu" },
    gamma: { host: "10.0.0.3", hostKey, address: "192.168.0.3" },
  }),
};
const printed = Object.fromEntries(
  ["alpha", "beta", "gamma"].map((name) => [
    `${name}-joined`,
    `{"address":"10.0.0.1","mtu":${name === "beta" ? 1450 : 1500},"encrypts":false}\n`,
  ]),
);
let registered: Registered[];
let asked: Asked[];

/** Runs a program on three servers, until its release is swept. */
async function deploy(build: (stack: berth.Stack, networks: berth.Network[]) => void) {
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(["mailtracker:registryPassword"]);
  registered = await collecting(SETTINGS, { printed });
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    berth.stack({ settings: {} }, (stack) => {
      build(stack, [new berth.Network("front", { stack })]);
      return {};
    });
    return {};
  });
  await vi.waitFor(() => one("Command", "release-services-swept"), { timeout: 20_000 });
}

const one = (kind: string, name: string) => {
  const found = registered.find((resource) => `:${resource.type}`.endsWith(`:${kind}`) && resource.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const environment = (name: string) => one("Command", name).inputs["environment"] as Record<string, string>;
const joining = (name: string) => JSON.parse(environment(`${name}-joined`)["JOINING"] ?? "");
const options = (kind: string, name: string) =>
  asked.find((all) => all.type.endsWith(`:${kind}`) && all.name === name)?.opts ?? {};
const serverOf = ({ provider = "" }: Registered) => provider.split("::").at(-2);

describe("a stack on three servers", () => {
  beforeAll(() =>
    deploy((stack, networks) => {
      const redis = new berth.Redis("redis", { networks });
      const files = { "/run/secrets/redis": redis.password, "/etc/app/redis": "plain" };
      const app = { networks, image: "app:1", user: "10001:10001", files, tmpfs: ["/tmp"], scratch: ["/var/uploads"] };
      new berth.Job("migrate", app);
      const web = new berth.WebService("web", { ...app, command: ["serve"], port: 8000, health, replicas: 3 });
      new berth.Worker("beat", { ...app, single: true });
      new berth.Worker("media", { ...app, volumes: { "/media": new berth.Volume("media", { stack }) } });
      new berth.Adminer("adminer", { networks, loopbackPort: 8081 });
      new berth.Edge("nginx", { ...stack.config.edge, networks, image: "nginx:alpine", upstreams: { web } });
    }),
  );

  test("prepares each without live-restore, and joins one after the other, the data server first", () => {
    for (const name of ["server", "server-beta", "server-gamma"]) {
      const { settings } = JSON.parse(environment(`${name}-prepared`)["WANTED"] ?? "");
      expect(settings["live-restore"]).toBe(false);
    }
    expect(joining("alpha")).toMatchObject({ name: "alpha", role: "manager", address: "", managers: [] });
    expect(joining("gamma")).toMatchObject({ role: "manager", address: "192.168.0.3" });
    expect(joining("gamma").managers.map(({ name }: { name: string }) => name)).toEqual(["alpha", "beta"]);
    expect(joining("beta").ssh).toMatch(/-l ubuntu 10\.0\.0\.2$/);
  });

  test("prepares a server that leaves with live-restore again", () => {
    const { UNDO, ALONE = "" } = environment("beta-joined");
    expect(UNDO).toContain("berth/leave");
    expect(JSON.parse(ALONE).settings["live-restore"]).toBe(true);
  });

  test("has networks over all servers, for the smallest packets that one of them sends", () => {
    expect(one("index/network:Network", "front").inputs).toMatchObject({
      driver: "overlay",
      attachable: true,
      options: { "com.docker.network.driver.mtu": "1450" },
    });
  });

  test("keeps data, jobs, volumes and ports on the data server, and has nginx on each edge", () => {
    const containers = containersAmong(registered);
    const of = (server: string) => namesOf(containers.filter((container) => serverOf(container) === server));
    expect(of("server")).toEqual(["adminer-1", "media-1", "migrate", "nginx", "nginx-sandbox", "redis"]);
    expect(of("server-beta")).toEqual(["nginx-beta", "nginx-beta-sandbox"]);
    expect(of("server-gamma")).toEqual([]);
    expect(one("RemoteImage", "nginx-beta-sandbox").provider).toContain("::server-beta::");
  });

  test("runs services and workers in the Swarm, which a release creates beside the old ones", () => {
    expect(namesOf(registered.filter(({ type }) => type.endsWith(":Service")))).toEqual(["beat", "web"]);
    const { inputs } = one("Service", "web");
    expect(inputs).not.toHaveProperty("name");
    expect(inputs).toMatchObject({
      mode: { replicated: { replicas: 0 } },
      endpointSpec: { mode: "dnsrr" },
      taskSpec: {
        containerSpec: {
          args: ["serve"],
          user: "10001:10001",
          readOnly: true,
          capDrops: ["ALL"],
          // As often as Swarm has to know, and as patient as the program says.
          healthcheck: { tests: ["CMD", "healthy"], interval: "5s", retries: 18 },
          stopGracePeriod: "30s",
          mounts: [
            { type: "tmpfs", target: "/tmp" },
            { type: "volume", target: "/var/uploads" },
          ],
        },
        placement: { constraints: ["node.labels.berth.stack.mailtracker-test==true"] },
        networksAdvanceds: [{ id: "front-id", aliases: ["web"] }],
      },
    });
    expect(options("Service", "web")).toMatchObject({
      deleteBeforeReplace: false,
      replaceOnChanges: ["labels"],
      ignoreChanges: ["endpointSpec", "mode.replicated.replicas", "taskSpec"],
    });
  });

  test("gives services their files as secrets that only their user can read", () => {
    const secrets = registered.filter(({ type, name }) => type.endsWith(":Secret") && name.startsWith("web-"));
    expect(secrets).toHaveLength(2);
    for (const { secrets: names } of secrets) expect(names).toEqual(["data"]);
    const { taskSpec } = one("Service", "web").inputs as { taskSpec: { containerSpec: { secrets: unknown[] } } };
    expect(taskSpec.containerSpec.secrets).toContainEqual(
      expect.objectContaining({ fileName: "/run/secrets/redis", fileUid: "10001", fileGid: "10001", fileMode: 0o400 }),
    );
  });

  test("starts them in gates: three containers of a service, and one of a single worker after the old one", () => {
    const words = (name: string) => environment(name)["RUN"]?.split(" sh ").at(-1);
    expect(words("web-healthy")).toMatch(/web-id mailtracker test 3 120 stop 0 /);
    expect(words("beat-healthy")).toMatch(/beat-id mailtracker test 1 120 keep 5 beat/);
    expect(one("Command", "web-healthy").inputs["triggers"]).toEqual(["web-id", "3"]);
    // Another number of containers replaces the gate, which must not remove the service.
    expect(one("Command", "web-healthy").inputs["delete"]).toBeUndefined();
    expect(one("Command", "web-ended").inputs).toMatchObject({ triggers: ["web-id"], delete: expect.any(String) });
  });

  test("leads each nginx to the containers of the service, wherever they run", () => {
    for (const name of ["nginx-healthy", "nginx-beta-healthy"]) {
      const files = String(one("Command", name).inputs["stdin"]).replaceAll(/\S{100,}/g, (text) =>
        Buffer.from(text, "base64").toString(),
      );
      expect(files).toContain("server tasks.web-a1b2c3d:8000 max_fails=1 resolve;");
    }
  });

  test("hands over where it has containers, and sweeps on every server, but waits for none without containers", () => {
    const names = registered.map(({ name }) => name);
    const called = (start: string) => names.filter((name) => name.startsWith(start)).sort();
    expect(called("release-handed-over")).toEqual(["release-handed-over", "release-handed-over-beta"]);
    expect(called("release-swept")).toEqual(["release-swept", "release-swept-beta", "release-swept-gamma"]);
    const runs = called("release-swept").map((name) => JSON.stringify(one("Command", name).inputs["environment"]));
    expect(runs.map((run) => run.includes("The server gamma does not answer"))).toEqual([false, false, true]);
    expect(runs.map((run) => run.includes("docker image rm"))).toEqual([false, true, true]);
    expect(names.filter((name) => name.startsWith("release-recorded"))).toEqual(["release-recorded"]);
  });
});

describe("a program for several servers is refused", () => {
  test.each<[string, (stack: berth.Stack, networks: berth.Network[]) => void, string]>([
    [
      "with a service of several replicas and a volume",
      (stack, networks) => {
        const volumes = { "/media": new berth.Volume("media", { stack }) };
        new berth.WebService("web", { networks, image: "web:1", port: 80, health, replicas: 2, volumes });
      },
      "The arguments of the service web are invalid:\n  - volumes: /media is on the data server only, but 2 replicas",
    ],
    [
      "with nginx that needs a volume on another server",
      (stack, networks) => {
        const web = new berth.WebService("web", { networks, image: "web:1", port: 80, health });
        const volumes = { "/srv/media": new berth.Volume("media", { stack }) };
        new berth.Edge("nginx", { networks, image: "nginx:alpine", upstreams: { web }, volumes });
      },
      "volumes: /srv/media is on the data server only",
    ],
  ])("%s, by name", async (_, build, message) => {
    let refused: unknown;
    await deploy((stack, networks) => {
      try {
        build(stack, networks);
      } catch (error) {
        refused = error;
      }
    });
    expect(String(refused)).toContain(message);
  });
});
