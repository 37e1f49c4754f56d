import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { type Asked, collecting, collectingOptions, type Registered, resolved } from "../support/mocks";
import { defaultSettings } from "../support/project";

let registered: Registered[];
let asked: Asked[];
let outputs: Record<string, unknown>;

beforeAll(async () => {
  registered = await collecting({ ...defaultSettings(), replicas: "2", httpPort: "8080" });
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectingOptions();
    outputs = await import("../../index.js");
    return {};
  });
  await resolved(pulumi.output(outputs.url));
});

function container(name: string): Record<string, unknown> {
  const found = registered.find((one) => one.type === "docker:index/container:Container" && one.name === name);
  if (!found) throw new Error(`no container ${name}`);
  return found.inputs;
}

const containers = () => registered.filter(({ type }) => type === "docker:index/container:Container");

describe("the stack of Mail Tracker", () => {
  test("is made of these containers", () => {
    expect(
      containers()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["backend-1", "backend-2", "migrate", "nginx", "nginx-sandbox", "postgres"]);
  });

  test("uses the server's provider for everything in Docker", () => {
    const loose = registered.filter(
      ({ type, provider }) => type.startsWith("docker:") && !provider?.includes("::server::"),
    );
    expect(loose).toEqual([]);
  });

  test("says of everything in Docker whether the old goes before the new; the plugins' defaults differ", () => {
    const made = asked.filter(({ type }) => type.startsWith("docker:"));
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter(({ opts }) => opts.deleteBeforeReplace === undefined)).toEqual([]);
    const oldFirst = made.filter(({ opts }) => opts.deleteBeforeReplace).map(({ name }) => name);
    expect(oldFirst.sort()).toEqual(["mailtracker_network", "nginx-sandbox", "postgres"]);
  });

  test("keeps the data of volumes", () => {
    const volumes = asked.filter(({ type }) => type === "docker:index/volume:Volume");
    expect(volumes.map(({ name, opts }) => [name, opts.retainOnDelete]).sort()).toEqual([
      ["pdf_storage", true],
      ["postgres_data", true],
      ["static_volume", true],
    ]);
  });

  test("publishes a port at the edge only", () => {
    expect(
      containers()
        .filter(({ inputs }) => inputs.ports)
        .map(({ name }) => name),
    ).toEqual(["nginx-sandbox"]);
    expect(container("nginx-sandbox").ports).toEqual([{ internal: 80, external: 8080, ip: "0.0.0.0" }]);
  });

  test("drops every capability but those needed, and new privileges", () => {
    for (const { name, inputs } of containers()) {
      expect(inputs.capabilities, name).toMatchObject({ drops: ["ALL"] });
      expect(inputs.securityOpts, name).toEqual(["no-new-privileges"]);
    }
    expect(container("backend-1").capabilities).toEqual({ drops: ["ALL"], adds: [] });
    expect(container("postgres").capabilities).toEqual({ drops: ["ALL"], adds: [] });
  });

  test("names no secret in an environment", () => {
    const generated = registered
      .filter(({ type }) => type.startsWith("random:"))
      .map(({ name }) => `generated-${name}`);
    expect(generated).toHaveLength(3);
    for (const { name, inputs } of containers()) {
      for (const secret of generated) expect(JSON.stringify(inputs.envs), name).not.toContain(secret);
    }
  });

  test("hands secrets over as files only the process may read", () => {
    expect(container("backend-1").uploads).toContainEqual({
      file: "/run/secrets/secret-key",
      content: "generated-secret-key",
      permissions: "0440",
    });
    expect(container("backend-1")).toMatchObject({ user: "10001:10001", groupAdds: ["0"] });
    const bare = containers().filter(
      ({ inputs, secrets }) => (inputs.uploads as unknown[])?.length > 0 && !secrets.includes("uploads"),
    );
    expect(bare.map(({ name }) => name)).toEqual(["nginx"]);
  });

  test("mounts the PDFs read-write in the backend and read-only at the edge", () => {
    const mount = (name: string) =>
      (container(name).mounts as { target: string; readOnly: boolean }[]).find(
        ({ target }) => target === "/srv/mailtracker/pdfs",
      );
    expect(mount("backend-1")).toMatchObject({ source: "mailtracker-test-pdf_storage", readOnly: false });
    expect(mount("nginx")).toMatchObject({ source: "mailtracker-test-pdf_storage", readOnly: true });
  });

  test("runs nginx in the sandbox's network and names every replica", () => {
    const { networkMode, uploads } = container("nginx") as { networkMode: string; uploads: { content: string }[] };
    expect(networkMode).toBe("container:nginx-sandbox-id");
    expect(uploads[0]?.content).toContain("server backend-1-a1b2c3d:8000;\n        server backend-2-a1b2c3d:8000;");
  });

  test("migrates in a job that does not restart", () => {
    expect(container("migrate")).toMatchObject({ restart: "no", start: false, mustRun: false, command: ["migrate"] });
  });

  test("tells where it is and how to sign in", async () => {
    expect(await resolved(pulumi.output(outputs.url))).toBe("http://localhost:8080");
    expect(outputs.adminUser).toBe("admin");
    expect(await pulumi.isSecret(outputs.adminPassword as pulumi.Output<string>)).toBe(true);
    expect(outputs.release).toMatch(/^[0-9a-f]{12}$/);
  });
});
