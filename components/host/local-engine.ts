import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";

/** Where the Docker provider looks without an address. */
const DEFAULT_SOCKETS = ["", "unix:///var/run/docker.sock", "unix:///run/docker.sock"];

/**
 * The provider's address of this machine's engine: the one that the command `docker` uses, e.g. of Docker Desktop, colima or a rootless
 * engine. Scripts use that command, so both must see the same containers. Empty where the provider finds it itself: at the default
 * socket, or in DOCKER_HOST, which both read.
 */
export function localEngine(): { host?: string } {
  if (process.env["DOCKER_HOST"]) return {};
  const host = contextAddress();
  return DEFAULT_SOCKETS.includes(host) ? {} : { host };
}

/**
 * Refuses the variable DOCKER_CONTEXT, with which the provider would deploy to that context instead of the stack's server.
 * @throws pulumi.RunError
 */
export function refuseDockerContext(): void {
  const context = process.env["DOCKER_CONTEXT"];
  if (!context) return;
  throw new pulumi.RunError(
    `DOCKER_CONTEXT is set (${context}), which Pulumi's Docker provider takes for the engine of every stack. Use npx berth, or unset it: unset DOCKER_CONTEXT. For a stack on this machine, choose the engine with docker context use ${context}.`,
  );
}

/** Address of the engine in the current context of the command docker; empty if there is no such command or context. */
function contextAddress(): string {
  try {
    const words = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
    return execFileSync("docker", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
