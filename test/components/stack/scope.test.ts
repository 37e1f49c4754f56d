import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";

const top = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "berth-scope-"));
const health = { command: ["healthy"] };
let registered: Registered[];
let asked: Asked[];

beforeAll(() => {
  for (const context of ["app", "other"]) {
    cpSync(join(top, "nginx"), join(folder, context), { recursive: true });
    writeFileSync(join(folder, context, "Dockerfile"), `FROM scratch\nLABEL of=${context}\n`);
  }
  writeFileSync(join(folder, "release.files"), "app\nother\n");
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(top);
  rmSync(folder, { recursive: true });
});

/** Runs a one-stack program with a network, until its release is recorded and swept. */
async function deploy<Outputs>(
  build: (stack: berth.Stack, networks: berth.Network[]) => Outputs,
  later: (outputs: Outputs) => void = () => undefined,
): Promise<Outputs> {
  registered = await collecting();
  const deployed: Outputs[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    const outputs = berth.stack({ settings: {} }, (stack) => build(stack, [new berth.Network("front", { stack })]));
    deployed.push(outputs);
    later(outputs);
    return {};
  });
  await vi.waitFor(() => one("Command", "release-swept"), { timeout: 20_000 });
  return deployed[0] as Outputs;
}

const one = (kind: string, name: string) => {
  const found = registered.find((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

/** Names of the resources that a resource depends on. */
async function dependencies(name: string, kind = "Command"): Promise<string[]> {
  const { opts } = asked.find((one) => one.name === name && one.type.endsWith(`:${kind}`)) ?? {};
  const on = await resolved(pulumi.output(opts?.dependsOn ?? []));
  const urns = await Promise.all([on].flat().map(({ urn }) => resolved(urn)));
  return urns.map((urn) => urn.split("::").at(-1) ?? "").sort();
}

describe("the end of a stack", () => {
  beforeAll(() =>
    deploy((stack, networks) => {
      const image = new berth.Image("app", { stack, context: "app" });
      new berth.Job("migrate", { networks, image });
      new berth.WebService("web", { networks, image, port: 80, health });
      new berth.Worker("worker", { networks, image: new berth.Image("other", { stack, context: "other" }) });
      new berth.Adminer("adminer", { networks, loopbackPort: 8081 });
      new berth.Tunnel("tunnel", { networks, token: "token", ingress: [] });
      new berth.ManagedCertificate("certificate", { networks, names: ["localhost"] });
      new berth.Network("unused", { stack, internal: true });
    }),
  );

  const GATES = [
    "adminer-1-healthy",
    "certificate-healthy",
    "migrate-completed",
    "tunnel-started",
    "web-1-healthy",
    "worker-1-healthy",
  ];

  test("follows everything that starts a container, without dependsOn in the program", async () => {
    expect(await dependencies("release-handed-over")).toEqual(expect.arrayContaining(GATES));
  });

  test("follows one check of all commands, before anything starts", async () => {
    for (const gate of GATES) expect(await dependencies(gate), gate).toContain("commands-exist");
    expect(registered.filter(({ name }) => name.startsWith("commands-exist"))).toHaveLength(1);
  });

  test("knows all containers, networks and images of the program", () => {
    const containers = GATES.map((gate) => gate.replace(/-\w+$/, "-id")).sort();
    expect((one("Command", "release-swept").inputs["triggers"] as string[]).toSorted()).toEqual(containers);
    const { RUN } = one("Command", "release-swept").inputs["environment"] as { RUN: string };
    expect(RUN).toMatch(/ mailtracker test front-a1b2c3d unused-a1b2c3d$/);
    expect(one("Command", "release-recorded").inputs["triggers"]).toEqual([
      expect.stringMatching(/^app=mailtracker-test\/app:\w{12} other=mailtracker-test\/other:\w{12}$/),
    ]);
  });
});

describe("containers of an image", () => {
  test("wait for the earlier jobs of that image, and for no other", async () => {
    await deploy((stack, networks) => {
      const image = new berth.Image("app", { stack, context: "app" });
      new berth.Worker("early", { networks, image });
      new berth.Job("migrate", { networks, image });
      const web = new berth.WebService("web", { networks, image, port: 80, health });
      new berth.Worker("beat", { networks, image, single: true, after: web });
      new berth.Worker("other", { networks, image: new berth.Image("other", { stack, context: "other" }) });
    });
    expect(await dependencies("early-1-healthy")).toEqual(["commands-exist", "server-ready"]);
    expect(await dependencies("web-1-healthy")).toEqual(["commands-exist", "migrate-completed", "server-ready"]);
    expect(await dependencies("other-1-healthy")).toEqual(["commands-exist", "server-ready"]);
    // A single-instance container is stopped only in its turn.
    for (const kind of ["Container", "Command"]) {
      const on = await dependencies(kind === "Container" ? "beat" : "beat-healthy", kind);
      const server = kind === "Command" ? ["server-ready"] : [];
      expect(on).toEqual(["commands-exist", "migrate-completed", ...server, "web"]);
    }
  });

  test("whose job has a backup wait for that backup, which is named after the release", async () => {
    const taken: string[][] = [];
    const { hash } = await deploy((stack, networks) => {
      const image = new berth.Image("app", { stack, context: "app" });
      const backup = {
        before: (...words: string[]) => {
          taken.push(words);
          return new pulumi.ComponentResource("test:Backup", "saved");
        },
      };
      new berth.Job("migrate", { networks, image, migrations: "m1", backup });
      return image;
    });
    expect(taken).toEqual([[hash, "m1"]]);
    expect(await dependencies("migrate-completed")).toEqual(["commands-exist", "saved", "server-ready"]);
  });
});

test("a tunnel waits for the services it leads to, and for no other", async () => {
  await deploy((stack, networks) => {
    const image = new berth.Image("app", { stack, context: "app" });
    for (const name of ["web", "api", "other"]) {
      new berth.WebService(name, { networks, image, port: 80, health, replicas: name === "web" ? 2 : 1 });
    }
    const ingress = ["http://web:80", "http://web:80", "https://api", "http_status:503"].map((service, index) => ({
      hostname: `${index}.example.org`,
      service,
    }));
    new berth.Tunnel("tunnel", { networks, token: "token", ingress });
  });
  expect(new Set(await dependencies("tunnel-started"))).toEqual(
    new Set(["api-1-healthy", "commands-exist", "server-ready", "web-1-healthy", "web-2-healthy"]),
  );
  // Only its start waits: the container is created early, which makes releases faster.
  expect(await dependencies("tunnel", "Container")).toEqual([]);
});

describe("a program", () => {
  test("that creates a resource after its function has returned is rejected", async () => {
    const refused: unknown[] = [];
    const attempt = (make: () => void) => {
      try {
        make();
      } catch (error) {
        refused.push(error);
      }
    };
    await deploy(
      (stack, networks) => ({ stack, networks }),
      ({ stack, networks }) => {
        attempt(() => new berth.Worker("late", { networks, image: "late:1" }));
        attempt(() => new berth.Network("late", { stack }));
        attempt(() => new berth.Image("late", { stack, context: "app" }));
      },
    );
    expect(refused).toHaveLength(3);
    for (const error of refused) {
      expect(error).toBeInstanceOf(pulumi.ResourceError);
      expect(String(error)).toContain("created after the function given to berth.stack has returned");
    }
  });

  test.each([
    [
      "a backup without migrations",
      (stack: berth.Stack) => new berth.Image("app", { stack, context: "app" }),
      undefined,
    ],
    ["a backup for an image that is only named", () => "app:1", "m1"],
  ])("is rejected %s", async (_, image, migrations) => {
    let refused: unknown;
    await deploy((stack, networks) => {
      const backup = { before: () => networks[0] as berth.Network };
      try {
        new berth.Job("migrate", { networks, image: image(stack), backup, ...(migrations && { migrations }) });
      } catch (error) {
        refused = error;
      }
    });
    expect(String(refused)).toContain("Job migrate: backup requires");
  });

  test("is rejected for a container without a network and for an async function", async () => {
    let refused: unknown;
    await deploy(() => {
      try {
        new berth.Worker("alone", { networks: [], image: "app:1" });
      } catch (error) {
        refused = error;
      }
    });
    expect(String(refused)).toContain("`networks` must name at least one");
    registered = await collecting();
    expect(() => berth.stack({ settings: {} }, async () => undefined)).toThrow("must not be async");
  });
});
