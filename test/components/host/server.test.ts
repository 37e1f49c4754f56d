import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { localEngine, refuseDockerContext } from "../../../components/host/local-engine";
import { Registry } from "../../../components/host/registry";
import { Server } from "../../../components/host/server";
import { STEP, stepCall } from "../../../components/host/step";
import { wantedFor } from "../../../components/remote/server/wanted.mts";
import { stack } from "../../../components/stack/stack";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";
import { publishedSite } from "../../support/published-site";

const SSH = { host: "203.0.113.7", port: 22, user: "ubuntu", hostKey: "ssh-ed25519 AAAAkey", keyFile: "~/.ssh/deploy" };
/** Runs the remote command on this machine. */
const FAKE_SSH = 'ssh() { shift "$(($# - 1))"; eval "$1"; }';
let registered: Registered[];
beforeEach(async () => {
  registered = await collecting({}, { preview: true });
});

/** The registered resources, except for those of the test itself. */
const inOrder = () => registered.map(({ name }) => name).filter((name) => name !== "server-fingerprints");

/** The options of the resources of a server, by their names. */
async function options(use: (server: Server) => void) {
  const asked: Asked[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    const collected = collectOptions();
    const server = new Server("server", { ssh: SSH });
    use(server);
    await resolved(server.docker.urn);
    asked.push(...collected);
  });
  return (name: string) => asked.find((one) => one.name === name)?.opts;
}

describe("a server over SSH", () => {
  test("is awaited and prepared before it is used", async () => {
    const server = new Server("server", { ssh: SSH });
    await resolved(server.docker.urn);
    expect(inOrder()).toEqual([
      "server",
      "server-same-name",
      "server-reached",
      "server-prepared",
      "server-ready",
      "server-claimed",
      "server",
    ]);
    const provider = registered.at(-1);
    expect(provider?.type).toBe("pulumi:providers:docker");
    expect(provider?.inputs.host).toBe("ssh://ubuntu@203.0.113.7:22");
    expect(provider?.inputs.sshOpts).toContain("StrictHostKeyChecking=yes");
  });

  test("F13g: is prepared with the ports that the program publishes, each with its setting", async () => {
    registered = await publishedSite({ serverHost: SSH.host, serverHostKey: SSH.hostKey, httpPort: "8080" });
    const { environment } = registered.find(({ name }) => name === "server-prepared")?.inputs ?? {};
    const { WANTED } = environment as { WANTED: string };
    expect(JSON.parse(WANTED)).toMatchObject({
      ports: [
        { address: "127.0.0.1", port: 5433 },
        { address: "0.0.0.0", port: 8080, setting: "httpPort" },
      ],
      settings: { "live-restore": true },
      dropIn: expect.stringContaining("[Service]"),
      sshd: expect.stringContaining("MaxSessions"),
    });
    // The command prepares the same on a terminal.
    const { ports, builds, settings } = JSON.parse(WANTED);
    expect(wantedFor({ project: "mailtracker", stack: "test", ports, builds, settings })).toEqual(JSON.parse(WANTED));
  });

  test("receives the path of a private key, never the key", async () => {
    const server = new Server("server", { ssh: SSH });
    await resolved(server.docker.urn);
    expect(JSON.stringify(registered)).toContain("IdentityFile=~/.ssh/deploy");
    expect(registered.every(({ inputs }) => !("privateKey" in inputs) && !("connection" in inputs))).toBe(true);
  });

  test("runs scripts over the same connection, with quoted arguments", async () => {
    const server = new Server("server", { ssh: SSH });
    const ran = server.run("greet", { script: 'echo "$1"', args: ["it's me"] }, { parent: server });
    await resolved(ran.urn);
    const { environment } = registered.find(({ name }) => name === "greet")?.inputs ?? {};
    const { RUN } = environment as { RUN: string };
    expect(RUN).toMatch(/^ssh -T .* 203\.0\.113\.7 -- /);
    const { stdout } = await execa("sh", ["-c", `${FAKE_SSH}; ${stepCall("RUN")}`], { env: { STEP, RUN } });
    expect(stdout).toBe("it's me");
  });

  test("passes a resource's create arguments to its delete script", async () => {
    const server = new Server("server", { ssh: SSH });
    const ran = server.run(
      "role",
      { script: "make", args: ["one"], undo: 'echo "dropped $1"', input: "secret" },
      { parent: server },
    );
    await resolved(ran.urn);
    const { create, delete: undo, stdin, environment } = registered.find(({ name }) => name === "role")?.inputs ?? {};
    expect([create, undo, stdin]).toEqual([
      'eval "$STEP"; step "$RUN"',
      'eval "$STEP"; step "$UNDO" </dev/null',
      "secret",
    ]);
    const { UNDO } = environment as { UNDO: string };
    const { stdout } = await execa("sh", ["-c", `${FAKE_SSH}; ${undo}`], { env: { STEP, UNDO } });
    expect(stdout).toBe("dropped one");
  });

  test("O5: gives Pulumi short commands, as an error quotes them before its reason", async () => {
    const server = new Server("server", { ssh: SSH });
    const delta = { manifest: "list", pack: "pack" };
    server.run("sent", { script: "x".repeat(5000), delta, undo: "drop" }, { parent: server });
    await vi.waitFor(() => expect(inOrder()).toContain("sent"));
    const commands = registered.filter(({ type }) => type === "command:local:Command");
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["server-reached", "server-prepared", "server-ready", "sent"]),
    );
    for (const { inputs } of commands) {
      // Each runs through step, which limits its lines and ends on Ctrl-C.
      expect(inputs["create"]).toMatch(/^eval "\$STEP"; step "\$(RUN|DELTA)"$/);
      expect(inputs["environment"]).toMatchObject({ STEP });
    }
  });

  test("O7: keeps the output of a script with an input secret, as the input may be", async () => {
    const asked = await options((server) => {
      server.run("told", { script: "cat", input: "word" }, { parent: server });
      server.run("asked", { script: "date" }, { parent: server });
    });
    expect(asked("told")?.additionalSecretOutputs).toEqual(["stdout", "stderr"]);
    expect(asked("asked")).not.toHaveProperty("additionalSecretOutputs");
  });

  // Other texts of a new version, or defaults of another plugin, must not repeat the check.
  test("O2: checks once whom its containers belong to, whatever changes later", async () => {
    const asked = await options(() => undefined);
    expect(asked("server-claimed")).toMatchObject({ ignoreChanges: ["*"] });
  });

  test("can pull from a private registry, whose password is secret", async () => {
    const registry = new Registry("registry", { address: "r.example.org", username: "deploy", password: "hidden" });
    const server = new Server("server", { ssh: SSH, registry });
    await resolved(server.docker.urn);
    const provider = registered.filter(({ type }) => type === "pulumi:providers:docker").at(-1);
    expect(JSON.stringify(provider?.inputs.registryAuth)).toContain("r.example.org");
    expect(provider?.secrets).toContain("registryAuth");
  });
});

describe("accounts of further registries", () => {
  const HUB = { address: "registry-1.docker.io", username: "ada", password: pulumi.secret("hub-token") };

  test("are used for pulls beside the stack's registry, as secrets", async () => {
    const registry = new Registry("registry", { address: "ghcr.io/acme", username: "deploy", password: "hidden" });
    const server = new Server("server", { ssh: SSH, registry, accounts: [HUB] });
    await resolved(server.docker.urn);
    const provider = registered.filter(({ type }) => type === "pulumi:providers:docker").at(-1);
    const auths = JSON.parse(String(provider?.inputs.registryAuth));
    expect(auths.map(({ address }: { address: string }) => address)).toEqual(["ghcr.io", "registry-1.docker.io"]);
    expect(provider?.secrets).toContain("registryAuth");
  });

  test("give way to the stack's own registry", async () => {
    const registry = new Registry("registry", { address: "docker.io/acme", username: "deploy", password: "hidden" });
    const { accounts, docker } = new Server("server", { ssh: SSH, registry, accounts: [HUB] });
    await resolved(docker.urn);
    expect(accounts.map(({ username }) => username)).toEqual(["deploy"]);
  });
});

test("F02: the engine signs in to the host of a registry with a namespace", async () => {
  const registry = new Registry("registry", { address: "ghcr.io/acme", username: "deploy", password: "hidden" });
  await resolved(registry.builder.urn);
  const provider = registered.find(({ type }) => type === "pulumi:providers:docker");
  expect(JSON.stringify(provider?.inputs.registryAuth)).toContain('\\"address\\":\\"ghcr.io\\"');
  expect(registry.address).toBe("ghcr.io/acme");
});

describe("a server whose address and host key are outputs of another resource", () => {
  /** Output of a command, since no program runs under mocks. */
  const printed = (name: string, text: string) =>
    new command.local.Command(name, { create: "true" }).stdout.apply(() => text);

  test("is connected to like one whose address is configured", async () => {
    registered = await collecting();
    const [host, hostKey] = [printed("address", SSH.host), pulumi.secret(printed("key", SSH.hostKey))];
    const named = new Server("named", { ssh: SSH });
    const found = new Server("found", { ssh: { ...SSH, host, hostKey } });
    await Promise.all([resolved(named.docker.urn), resolved(found.docker.urn)]);
    const provider = (name: string) =>
      registered.find((one) => one.type === "pulumi:providers:docker" && one.name === name);
    expect(provider("found")?.inputs).toEqual(provider("named")?.inputs);
    expect(await resolved(found.address)).toBe(SSH.host);
    expect(await resolved(found.sshPrefix)).toBe(await resolved(named.sshPrefix));
    // Commands read `reach` from the state, where a secret would be encrypted.
    expect(await pulumi.isSecret(found.sshPrefix)).toBe(false);
  });

  test("may be unknown in a preview, which continues", async () => {
    const unknown = pulumi.output<string>(pulumi.unknown as string);
    const server = new Server("server", { ssh: { ...SSH, host: unknown, hostKey: unknown } });
    const ran = server.run("greet", { script: "true" }, { parent: server });
    await Promise.all([resolved(ran.urn), resolved(server.docker.urn)]);
    expect(inOrder()).toContain("greet");
    const { environment } = registered.find(({ name }) => name === "greet")?.inputs ?? {};
    expect(environment).toEqual({ STEP, RUN: { __pulumiUnknown: true } });
  });

  test.each([
    ["is what the site is known by", {}, undefined],
    ["is not, where the settings name the site", { siteName: "mail.example.org" }, "mail.example.org"],
  ])("%s", async (_, settings, siteName) => {
    registered = await collecting(settings);
    const ssh = { host: printed("address", SSH.host), hostKey: SSH.hostKey };
    const edge = stack({ settings: {} }, ({ config }) => config.edge, { ssh });
    expect(edge.siteName).toBe(siteName);
    await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-swept"), 10_000);
  });

  test("rejects an address in the settings as well", async () => {
    registered = await collecting({
      serverHost: "one.example.org",
      serverHostKey: "ssh-ed25519 AAAAkey",
      tls: "self-signed",
    });
    const ssh = { host: "two.example.org", hostKey: SSH.hostKey };
    expect(() => stack({ settings: {} }, () => undefined, { ssh })).toThrow(
      /serverHost is set, but the program sets the server with ssh.*\n.*siteName is missing/,
    );
  });
});

/** A folder with a command docker whose current context has this address. */
function docker(address: string): string {
  const folder = mkdtempSync(join(tmpdir(), "docker-"));
  writeFileSync(join(folder, "docker"), `#!/bin/sh\n[ "$1 $2" = "context inspect" ] && echo ${address}\n`);
  chmodSync(join(folder, "docker"), 0o755);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe("F16: the engine of this machine", () => {
  test.each([
    ["unix:///var/run/docker.sock", {}],
    ["unix:///run/user/1000/docker.sock", { host: "unix:///run/user/1000/docker.sock" }],
    ["unix:///home/anna/.colima/default/docker.sock", { host: "unix:///home/anna/.colima/default/docker.sock" }],
    ["ssh://anna@build.example.org", { host: "ssh://anna@build.example.org" }],
    ["", {}],
  ])("at %s is the provider's with %j", (address, expected) => {
    vi.stubEnv("PATH", `${docker(address)}:${process.env.PATH}`);
    vi.stubEnv("DOCKER_HOST", "");
    expect(localEngine()).toEqual(expected);
    vi.stubEnv("DOCKER_HOST", "unix:///run/other.sock");
    // The provider reads the variable itself.
    expect(localEngine()).toEqual({});
  });

  test("is not taken from DOCKER_CONTEXT, with which the provider would leave the stack's server", () => {
    vi.stubEnv("DOCKER_CONTEXT", "desktop-linux");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(refuseDockerContext).toThrow(
      /^DOCKER_CONTEXT is set \(desktop-linux\), .*unset DOCKER_CONTEXT\. .*docker context use desktop-linux/,
    );
  });

  test("is the provider's default without the command docker", () => {
    vi.stubEnv("PATH", "/nonexistent");
    vi.stubEnv("DOCKER_HOST", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(localEngine()).toEqual({});
  });
});

describe("this machine", () => {
  test("is inspected, not changed", async () => {
    const server = new Server("server", {});
    await resolved(server.docker.urn);
    expect(await resolved(server.address)).toBe("localhost");
    expect(await resolved(server.sshPrefix)).toBe("");
    expect(inOrder()).toEqual(["server", "server-same-name", "server-ready", "server-claimed", "server"]);
    expect(registered.at(-1)?.inputs).not.toHaveProperty("host");
  });

  test("F16: is deployed to through the engine of docker's current context", async () => {
    vi.stubEnv("PATH", `${docker("unix:///home/anna/.docker/desktop/docker.sock")}:${process.env.PATH}`);
    vi.stubEnv("DOCKER_HOST", "");
    const server = new Server("server", {});
    const registry = new Registry("registry", { address: "r.example.org", username: "deploy", password: "hidden" });
    await Promise.all([resolved(server.docker.urn), resolved(registry.builder.urn)]);
    const providers = registered.filter(({ type }) => type === "pulumi:providers:docker");
    expect(providers.map(({ inputs }) => inputs["host"])).toEqual(
      Array(2).fill("unix:///home/anna/.docker/desktop/docker.sock"),
    );
  });
});
