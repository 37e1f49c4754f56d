import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";

let server: StandInServer;
let deployment: Deployment;
let right: Record<string, unknown>;

beforeAll(async () => {
  server = await StandInServer.start({ name: "errors", bare: true });
  right = {
    serverHost: server.address,
    serverUser: "ubuntu",
    serverHostKey: server.hostKey,
    serverKeyFile: server.keyFile,
  };
  deployment = await Deployment.create("errors", right);
});

afterAll(async () => {
  await server.stop();
  deployment.remove();
});

beforeEach(() => deployment.configure(right));

/** Deploys with an error in the settings, and returns the output. */
async function failedOutput(mistake: Record<string, unknown>): Promise<string> {
  deployment.configure({ ...right, ...mistake });
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(await server.exec("command -v dockerd || echo untouched")).toBe("untouched");
  return output;
}

test("a host key other than the pinned one is refused before anything changes", async () => {
  const other = await StandInServer.start({ name: "impostor", bare: true });
  try {
    const output = await failedOutput({ serverHostKey: other.hostKey });
    expect(output).toContain("shows another host key than the pinned one. Nothing was changed.");
    expect(output).toContain("pulumi config set serverHostKey");
  } finally {
    await other.stop();
  }
});

test("a key the server does not accept is reported with advice", async () => {
  const keyFile = deployment.path("unknown-key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
  const output = await failedOutput({ serverKeyFile: keyFile });
  expect(output).toContain("refuses the key. Nothing was changed.");
  expect(output).toContain("authorized_keys");
});

test("a closed port is reported after the timeout", async () => {
  const output = await failedOutput({ serverPort: 2222, serverWaitSeconds: 3 });
  expect(output).toContain(`ubuntu@${server.address}:2222 does not answer after 3 s. Nothing was changed.`);
  expect(output).toContain("serverPort");
});

test("an unresolvable name is reported at once", async () => {
  const output = await failedOutput({ serverHost: "no-such-server.invalid" });
  expect(output).toContain("The name of the server is not known. Nothing was changed.");
});

test("an account that may not become root gets advice", async () => {
  await server.exec(
    "useradd --create-home guest && cp -r /home/ubuntu/.ssh /home/guest/ && chown -R guest /home/guest/.ssh",
  );
  const output = await failedOutput({ serverUser: "guest" });
  expect(output).toContain("sudo: the account guest may not use sudo without a password");
});

test("all configuration errors are reported at once, with advice", async () => {
  const output = await failedOutput({ htpPort: 80, replicas: 0, serverHostKey: "nonsense" });
  expect(output).toContain("nothing was changed");
  expect(output).toContain("htpPort is not a setting. Did you mean httpPort?");
  expect(output).toContain("replicas must be a whole number from 1 to 20");
  expect(output).toContain("serverHostKey must be a public key");
  expect(output).not.toContain("unhandled");
});
