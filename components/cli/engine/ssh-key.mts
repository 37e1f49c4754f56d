import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";

/**
 * Loads the private key in the variable BERTH_SSH_KEY, as CI passes it, into an SSH agent that ends with this process. The variable is its
 * text or the path of a file. The key is written to no file, and Pulumi and the program get the agent only.
 */
export async function useKeyFromVariable(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const value = environment["BERTH_SSH_KEY"];
  if (!value) return;
  delete environment["BERTH_SSH_KEY"];
  const socket = await startAgent();
  const agent = { ...environment, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: "never" };
  const { status, stderr } = await capture("ssh-add", ["-q", "-"], keyIn(value), { env: agent });
  if (status !== 0) {
    throw new Problem(
      `BERTH_SSH_KEY cannot be used: it must be an OpenSSH private key without a passphrase, or the path of one. ssh-add said: ${stderr.trim()}`,
    );
  }
  environment["SSH_AUTH_SOCK"] = socket;
}

/** CI may change the line breaks of a variable, or cut the last one, without which OpenSSH does not read a key. */
function keyIn(value: string): string {
  const text = !value.includes("\n") && existsSync(value) ? readFileSync(value, "utf8") : value;
  return `${text.replaceAll("\r\n", "\n").trim()}\n`;
}

/** Returns the agent's socket. The agent ends within seconds of its command, `cat`, which ends with this process, however that ends. */
async function startAgent(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "berth-agent-"));
  const socket = join(folder, "socket");
  const agent = spawn("ssh-agent", ["-a", socket, "cat"], { stdio: ["pipe", "ignore", "ignore"] });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  agent.unref();
  if (agent.stdin instanceof Socket) agent.stdin.unref();
  const failed = once(agent, "error").then(([error]: Error[]) => {
    throw new Problem(
      `BERTH_SSH_KEY needs ssh-agent of OpenSSH: ${error?.message}. Install it: apt-get install openssh-client`,
    );
  });
  await Promise.race([failed, appears(socket)]);
  failed.catch(() => undefined);
  return socket;
}

async function appears(file: string): Promise<void> {
  for (let tries = 0; tries < 200 && !existsSync(file); tries++) await pause(25);
}
