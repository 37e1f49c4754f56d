import { execa } from "execa";
import { beforeEach, describe, expect, test } from "vitest";
import { Registry } from "../../components/host/registry";
import { daemonSettings, Server } from "../../components/host/server";
import { collecting, type Registered, resolved } from "../support/mocks";

const SSH = { host: "203.0.113.7", port: 22, user: "ubuntu", hostKey: "ssh-ed25519 AAAAkey", keyFile: "~/.ssh/deploy" };
let registered: Registered[];
beforeEach(async () => {
  registered = await collecting({}, { preview: true });
});

/** What is registered, but for what stands apart from the rest. */
const inOrder = () => registered.map(({ name }) => name).filter((name) => name !== "server-fingerprints");

describe("a server over SSH", () => {
  test("is waited for, prepared, and only then used", async () => {
    const server = new Server("server", { ssh: SSH });
    await resolved(server.docker.urn);
    expect(inOrder()).toEqual([
      "server",
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

  test("is never told a private key, only where it is", async () => {
    const server = new Server("server", { ssh: SSH });
    await resolved(server.docker.urn);
    expect(JSON.stringify(registered)).toContain("IdentityFile=~/.ssh/deploy");
    expect(registered.every(({ inputs }) => !("privateKey" in inputs) && !("connection" in inputs))).toBe(true);
  });

  test("runs scripts through the same connection, with arguments quoted for it", async () => {
    const server = new Server("server", { ssh: SSH });
    const ran = server.run("greet", { script: 'echo "$1"', args: ["it's me"] }, { parent: server });
    await resolved(ran.urn);
    const { environment } = registered.find(({ name }) => name === "greet")?.inputs ?? {};
    const { RUN } = environment as { RUN: string };
    expect(RUN).toMatch(/^ssh -T .* 203\.0\.113\.7 -- /);
    const { stdout } = await execa("sh", ["-c", `ssh() { shift "$(($# - 1))"; eval "$1"; }; ${RUN}`]);
    expect(stdout).toBe("it's me");
  });

  test("undoes with the same arguments what only this resource made", async () => {
    const server = new Server("server", { ssh: SSH });
    const ran = server.run(
      "role",
      { script: "make", args: ["one"], undo: "drop", input: "secret" },
      { parent: server },
    );
    await resolved(ran.urn);
    const { create, delete: undo, stdin, environment } = registered.find(({ name }) => name === "role")?.inputs ?? {};
    expect([create, undo, stdin]).toEqual(['eval "$RUN"', 'eval "$UNDO" </dev/null', "secret"]);
    expect((environment as { UNDO: string }).UNDO).toMatch(/-- 'sh -c drop sh one'$/);
  });

  test("may pull from a private registry, whose password is secret", async () => {
    const registry = new Registry("registry", { address: "r.example.org", username: "deploy", password: "hidden" });
    const server = new Server("server", { ssh: SSH, registry });
    await resolved(server.docker.urn);
    const provider = registered.filter(({ type }) => type === "pulumi:providers:docker").at(-1);
    expect(JSON.stringify(provider?.inputs.registryAuth)).toContain("r.example.org");
    expect(provider?.secrets).toContain("registryAuth");
  });
});

describe("this machine", () => {
  test("is used as it is: asked, not changed", async () => {
    const server = new Server("server", {});
    await resolved(server.docker.urn);
    expect(server.address).toBe("localhost");
    expect(inOrder()).toEqual(["server", "server-ready", "server-claimed", "server"]);
    expect(registered.at(-1)?.inputs).not.toHaveProperty("host");
  });
});

describe("the engine's settings", () => {
  test("keep containers through a restart, rotate logs and forbid new privileges", () => {
    expect(daemonSettings()).toEqual({
      "live-restore": true,
      "no-new-privileges": true,
      "log-driver": "json-file",
      "log-opts": { "max-size": "10m", "max-file": "3" },
    });
  });

  test("name mirrors when there are some, and allow those without TLS", () => {
    expect(daemonSettings(["http://10.0.0.5:5000", "https://mirror.example.org"])).toMatchObject({
      "registry-mirrors": ["http://10.0.0.5:5000", "https://mirror.example.org"],
      "insecure-registries": ["http://10.0.0.5:5000"],
    });
  });
});
