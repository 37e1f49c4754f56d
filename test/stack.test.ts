import * as pulumi from "@pulumi/pulumi";
import { parseTar } from "nanotar";
import { beforeAll, describe, expect, test } from "vitest";
import type { Setting } from "../components";
import { validate } from "../components/settings/validate";
import { ownSettings } from "../settings";
import { nginxBuild } from "../stack/config";
import {
  type Asked,
  collecting,
  collectOptions,
  containersAmong,
  namesOf,
  type Registered,
  resolved,
} from "./support/mocks";
import { defaultSettings } from "./support/project";

let registered: Registered[];
let asked: Asked[];
let outputs: Record<string, unknown>;

beforeAll(async () => {
  const digest = { digestSchedule: "0 7 * * mon-fri", digestTimeZone: "Europe/Berlin" };
  registered = await collecting({ ...defaultSettings(), ...digest, replicas: "2", httpPort: "8080" });
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    outputs = await import("../index.js");
    return {};
  });
  await resolved(pulumi.output(outputs.url));
});

function container(name: string): Record<string, unknown> {
  const found = registered.find((one) => one.type === "docker:index/container:Container" && one.name === name);
  if (!found) throw new Error(`no container ${name}`);
  return found.inputs;
}

/** The files a gate copies into its container. */
function filesOf(gate: string) {
  const lines = String(registered.find(({ name }) => name === gate)?.inputs.stdin)
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const [folder, archive = ""] = line.split(" ");
    return parseTar(new Uint8Array(Buffer.from(archive, "base64"))).map(({ name, text, attrs }) => ({
      path: `${folder}/${name}`,
      content: text,
      mode: attrs?.mode,
      // The library writes octal numbers, but reads their digits as decimal.
      owner: [attrs?.uid, attrs?.gid].map((id) => Number.parseInt(String(id), 8)).join(":"),
    }));
  });
}

const containers = () => containersAmong(registered);

describe("the stack of Mail Tracker", () => {
  test("consists of these containers", () => {
    expect(namesOf(containers())).toEqual([
      "backend-1",
      "backend-2",
      "backups",
      "digest",
      "migrate",
      "nginx",
      "nginx-sandbox",
      "postgres",
    ]);
  });

  test("lists the overdue mails on its schedule, with the backend's settings and secrets", () => {
    expect(container("digest").command).toEqual(["keep", "python", "manage.py", "overdue_digest"]);
    expect(container("digest").envs).toEqual(
      expect.arrayContaining(["CRON_SCHEDULE=0 7 * * 1,2,3,4,5", "CRON_TIME_ZONE=Europe/Berlin", "DEBUG=false"]),
    );
    expect(container("digest").destroyGraceSeconds).toBe(330);
    expect(filesOf("digest-healthy").map(({ path }) => path)).toContain("/run/secrets/secret-key");
  });

  test("has no digest without a schedule", () => {
    expect(defaultSettings().digestSchedule).toBe("");
    expect(validate({ ...defaultSettings(), digestSchedule: "7:00" }, new Set(), ownSettings).problems).toEqual([
      expect.stringContaining("must have five fields"),
    ]);
  });

  test("creates containers during the migration, and starts them once their dependencies are ready", () => {
    const at = (kind: string, name: string) =>
      registered.findIndex((one) => one.name === name && one.type.endsWith(`:${kind}`));
    const migrated = at("Command", "migrate-completed");
    for (const backend of ["backend-1", "backend-2"]) {
      expect(at("Container", backend)).toBeGreaterThanOrEqual(0);
      expect(at("Container", backend)).toBeLessThan(migrated);
      expect(at("Command", `${backend}-healthy`)).toBeGreaterThan(migrated);
      expect(at("Command", "nginx-healthy")).toBeGreaterThan(at("Command", `${backend}-healthy`));
    }
  });

  test("passes the settings that declare a variable to the backend", () => {
    const variables = Object.values<Setting>(ownSettings.settings).flatMap(({ env }) => env ?? []);
    expect(variables).toContain("GUNICORN_WORKERS");
    const passed = (container("backend-1").envs as string[]).map((variable) => variable.split("=")[0]);
    expect(passed).toEqual(expect.arrayContaining(variables));
    expect(container("backend-1").envs).toEqual(
      expect.arrayContaining(["DEBUG=false", "CORS_ALLOWED_ORIGINS=", "GUNICORN_WORKERS=4", "MAX_PDF_SIZE_MB=10"]),
    );
  });

  test("has the owners' names, path and times by default, and each is a setting", () => {
    expect(defaultSettings()).toMatchObject({
      databaseName: "mailtracker",
      databaseUser: "mailtracker_user",
      databaseWaitSeconds: "60",
      pdfStoragePath: "/srv/mailtracker/pdfs",
      fileAuthorizationSeconds: "0",
    });
    expect(container("postgres").envs).toEqual(
      expect.arrayContaining(["POSTGRES_DB=mailtracker", "POSTGRES_USER=mailtracker_user"]),
    );
    expect(container("backend-1").envs).toEqual(
      expect.arrayContaining([
        "PDF_STORAGE_PATH=/srv/mailtracker/pdfs",
        "WAIT_TIMEOUT=60",
        "FILE_AUTHORIZATION_SECONDS=0",
        "POSTGRES_DB=mailtracker",
      ]),
    );
  });

  test.each([
    ["frontend", "vue", "must be none, folder or image"],
    ["frontend", "image", "frontendImage must name it"],
    ["frontend", "folder", "there is no nginx/frontend/index.html"],
    ["frontendImagePath", "dist", "must be an absolute path"],
    ["databaseName", "Mail Tracker", "must be 1 to 40 lower-case letters"],
    ["databaseUser", "pg_admin", "must be 1 to 40 lower-case letters"],
    ["databaseUser", "mailtracker_app", "the name of the application's role"],
    ["pdfStoragePath", "/app/pdfs", "must be a folder below /srv"],
    ["pdfStoragePath", "/srv/../etc", "must be a folder below /srv"],
    ["pdfStoragePath", "/srv/errors", "in use for other files"],
    ["databaseWaitSeconds", "0", "from 1 to 3600"],
    ["fileAuthorizationSeconds", "6", "from 0 to 5"],
  ])("rejects %s %s", (name, value, reason) => {
    const { problems } = validate({ ...defaultSettings(), [name]: value }, new Set(), ownSettings);
    expect(problems.join("\n")).toContain(reason);
  });

  test("builds nginx with the front end that the settings name, and without one by default", () => {
    const build = registered.find((one) => one.name === "nginx-built")?.inputs.stdin;
    expect(JSON.parse(String(build))).toMatchObject({
      context: "./nginx",
      args: { PDF_STORAGE_PATH: "/srv/mailtracker/pdfs" },
    });
    expect(JSON.parse(String(build))).not.toHaveProperty("target");
    const values = (given: Record<string, string>) => {
      const { values } = validate({ ...defaultSettings(), ...given }, new Set(), ownSettings);
      if (!values) throw new Error("invalid");
      return values;
    };
    const image = values({ frontend: "image", frontendImage: "office-page:1.4", frontendImagePath: "/dist" });
    expect(nginxBuild(image)).toEqual({
      target: "with-image",
      buildArgs: {
        PDF_STORAGE_PATH: "/srv/mailtracker/pdfs",
        FRONTEND_IMAGE: "office-page:1.4",
        FRONTEND_PATH: "/dist",
      },
    });
  });

  test("uses the server's provider for all Docker resources", () => {
    const loose = registered.filter(
      ({ type, provider }) => type.startsWith("docker:") && !provider?.includes("::server::"),
    );
    expect(loose).toEqual([]);
  });

  test("sets the replacement order of all Docker resources explicitly, as the plugins' defaults differ", () => {
    const made = asked.filter(({ type }) => type.startsWith("docker:"));
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter(({ opts }) => opts.deleteBeforeReplace === undefined)).toEqual([]);
    const oldFirst = made.filter(({ opts }) => opts.deleteBeforeReplace).map(({ name }) => name);
    expect(oldFirst.sort()).toEqual(["database_network", "mailtracker_network", "nginx-sandbox", "postgres"]);
  });

  test("labels single-instance containers", () => {
    const single = containers().filter(({ inputs }) =>
      (inputs.labels as { label: string }[]).some(({ label }) => label === "berth.single"),
    );
    expect(single.map(({ name }) => name).sort()).toEqual(["nginx-sandbox", "postgres"]);
  });

  test("keeps the data of volumes", () => {
    const volumes = asked.filter(({ type }) => type === "docker:index/volume:Volume");
    expect(volumes.map(({ name, opts }) => [name, opts.retainOnDelete]).sort()).toEqual([
      ["backups", true],
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

  test("drops every capability but those needed, and forbids new privileges", () => {
    for (const { name, inputs } of containers()) {
      expect(inputs.capabilities, name).toMatchObject({ drops: ["ALL"] });
      expect(inputs.securityOpts, name).toEqual(["no-new-privileges"]);
    }
    expect(container("backend-1").capabilities).toEqual({ drops: ["ALL"], adds: [] });
    expect(container("postgres").capabilities).toEqual({ drops: ["ALL"], adds: [] });
    expect(container("backups").capabilities).toEqual({
      drops: ["ALL"],
      adds: ["CAP_DAC_OVERRIDE", "CAP_SETGID", "CAP_SETUID"],
    });
  });

  test("has no secret in an environment", () => {
    const generated = registered
      .filter(({ type }) => type.startsWith("random:"))
      .map(({ name }) => `generated-${name}`);
    expect(generated.length).toBeGreaterThanOrEqual(4);
    for (const { name, inputs } of containers()) {
      for (const secret of generated) expect(JSON.stringify(inputs.envs), name).not.toContain(secret);
    }
  });

  test("passes secrets as files that only the process can read", () => {
    const [secretKey] = filesOf("backend-1-healthy").filter(({ path }) => path === "/run/secrets/secret-key");
    expect(secretKey).toEqual({
      path: "/run/secrets/secret-key",
      content: "generated-secret-key-v1",
      mode: "0000400",
      owner: "10001:10001",
    });
    const bare = registered.filter(({ inputs, secrets }) => inputs.stdin && !secrets.includes("stdin"));
    expect(bare.map(({ name }) => name).sort()).toEqual([
      "backend-built",
      "backups-built",
      "commands-exist",
      "nginx-built",
      "nginx-healthy",
      "postgres-healthy",
      "release-recorded",
    ]);
  });

  test("replaces a container when one of its files changes, without showing the contents", () => {
    const label = (name: string) =>
      (container(name).labels as { label: string; value: string }[]).find(({ label }) => label === "berth.files")
        ?.value;
    expect(label("backend-1")).toMatch(/^[0-9a-f]{16}$/);
    expect(label("backend-1")).not.toBe(label("nginx"));
  });

  test("gives every container a read-only root and resource limits", () => {
    for (const { name, inputs } of containers()) {
      // Backups read the files of all users.
      const user = name === "backups" ? /^0:0$/ : /^[1-9]\d*:\d+$/;
      expect(inputs, name).toMatchObject({ readOnly: true, user: expect.stringMatching(user) });
      expect(inputs.memory, name).toBe(inputs.memorySwap);
      expect(Number(inputs.cpus), name).toBeGreaterThan(0);
    }
    expect(container("backend-1")).toMatchObject({ memory: 512, cpus: "1.0" });
  });

  test("keeps the database off the edge's network", () => {
    const networksOf = (name: string) =>
      (container(name).networksAdvanced as { name: string }[]).map(({ name }) => name.slice(0, name.lastIndexOf("-")));
    expect(networksOf("postgres")).toEqual(["database_network"]);
    expect(networksOf("nginx-sandbox")).toEqual(["mailtracker_network"]);
    expect(networksOf("backend-1")).toEqual(["mailtracker_network", "database_network"]);
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
    expect(container("nginx").networkMode).toBe("container:nginx-sandbox-id");
    for (const replica of ["backend-1", "backend-2"]) {
      expect(filesOf("nginx-healthy")[0]?.content).toContain(`server ${replica}-a1b2c3d:8000 max_fails=0 resolve;`);
    }
  });

  test("migrates in a job that does not restart", () => {
    expect(container("migrate")).toMatchObject({ restart: "no", command: ["migrate"] });
  });

  test("outputs its URL and the initial sign-in", async () => {
    expect(await resolved(pulumi.output(outputs.url))).toBe("http://localhost:8080");
    expect(outputs.adminUser).toBe("admin");
    expect(await pulumi.isSecret(outputs.adminPassword as pulumi.Output<string>)).toBe(true);
    expect(outputs.release).toMatch(/^[0-9a-f]{12}$/);
  });
});
