import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { HardeningArgs } from "../../../components/host/hardening";
import { Server } from "../../../components/host/server";
import { STEP, stepCall } from "../../../components/host/step";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";
import { publishedSite } from "../../support/published-site";

const SSH = { host: "203.0.113.7", port: 22, user: "ubuntu", hostKey: "ssh-ed25519 AAAAkey" };
const PORTS = [
  { address: "0.0.0.0", port: 443 },
  { address: "::", port: 443 },
  { address: "0.0.0.0", port: 80 },
  { address: "127.0.0.1", port: 5433 },
];
let registered: Registered[];
beforeEach(async () => {
  registered = await collecting({}, { preview: true });
});

async function hardened(hardening: HardeningArgs) {
  const asked: Asked[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    const collected = collectOptions();
    const server = new Server("server", { ssh: SSH, ports: PORTS, hardening });
    await resolved(server.docker.urn);
    // The steps follow each other, as do their resources.
    const expected = hardening.bans ? ["server-bans"] : [];
    await vi.waitFor(() => expect(registered.map(({ name }) => name)).toEqual(expect.arrayContaining(expected)));
    asked.push(...collected);
  });
  return { asked, names: registered.map(({ name }) => name).filter((name) => PARTS.includes(name)) };
}
const PARTS = ["server-firewall", "server-sshd", "server-updates", "server-bans"];
const ALL: HardeningArgs = {
  firewall: { ports: ["8443/tcp", "51820/udp", "80/tcp"] },
  ssh: true,
  updates: {},
  bans: { site: true },
};

/** The environment of a step. */
function environmentOf(name: string) {
  const { environment } = registered.find((one) => one.name === name)?.inputs ?? {};
  return environment as { RUN: string; UNDO: string };
}

describe("the hardening of a server", () => {
  test("is none without consent", async () => {
    expect((await hardened({})).names).toEqual([]);
  });

  test("is a step for each part, one after the other, and each can be undone", async () => {
    const { asked, names } = await hardened(ALL);
    expect(names).toEqual(PARTS);
    for (const [index, name] of PARTS.entries()) {
      const dependencies = await resolved(pulumi.output(asked.find((one) => one.name === name)?.opts.dependsOn ?? []));
      const before = [dependencies].flat().map((one) => (one as { __name?: string }).__name);
      expect(before.filter((one) => PARTS.includes(one ?? ""))).toEqual(PARTS.slice(Math.max(0, index - 1), index));
      expect(environmentOf(name).UNDO).toContain("unwant ");
    }
  });

  test("opens the public ports of the stack in the firewall, and further ones", async () => {
    await hardened(ALL);
    expect(environmentOf("server-firewall").RUN).toContain(
      " mailtracker test mailtracker-test 80/tcp 443/tcp 8443/tcp 51820/udp'",
    );
    expect(environmentOf("server-bans").RUN).toContain(" mailtracker-test 80,443 mailtracker test'");
  });

  test("confirms over a new connection what could lock Berth out, and nothing else", async () => {
    await hardened(ALL);
    for (const name of PARTS) {
      const calls = environmentOf(name).RUN.split(" ControlPath=none ").length - 1;
      expect(calls, name).toBe(["server-firewall", "server-sshd"].includes(name) ? 1 : 0);
    }
  });

  test("has the site's ports, also those that the program publishes later", async () => {
    registered = await publishedSite({
      serverHost: SSH.host,
      serverHostKey: SSH.hostKey,
      hardeningFirewall: "true",
      httpPort: "8080",
    });
    expect(environmentOf("server-firewall").RUN).toContain(" mailtracker-test 8080/tcp'");
  });

  test("changes nothing on this machine", async () => {
    const server = new Server("server", { hardening: ALL });
    await resolved(server.docker.urn);
    expect(registered.filter(({ name }) => PARTS.includes(name))).toEqual([]);
  });
});

describe("a change that is not confirmed", () => {
  /** Runs a step whose ssh runs its commands here; over a new connection, it exits with `status` instead. */
  async function run(status?: number) {
    const server = new Server("server", { ssh: SSH });
    const ran = server.run("risky", { script: "echo changed", confirm: "echo confirmed >&2" }, { parent: server });
    await resolved(ran.urn);
    const { RUN } = environmentOf("risky");
    const ssh = `ssh() { case " $* " in *" ControlPath=none "*) ${status === undefined ? ":" : `return ${status}`} ;; esac; shift "$(($# - 1))"; eval "$1"; }`;
    return execa("sh", ["-c", `${ssh}; ${stepCall("RUN")}`], { env: { STEP, RUN }, reject: false });
  }

  test("fails the step, and says that the server takes it back", async () => {
    const { exitCode, stderr } = await run(255);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("the server takes this change back within a minute");
  });

  test("fails the step with the script's own reason", async () => {
    const { exitCode, stderr } = await run(1);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });

  test("and one that is confirmed passes", async () => {
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "changed", stderr: "confirmed" });
  });
});
