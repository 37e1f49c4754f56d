import type { Check } from "./check.mts";
import { account, shell, sudo } from "./checks/access.mts";
import { docker, swarm } from "./checks/docker.mts";
import { daemonJson } from "./checks/engine-settings.mts";
import { portChecks } from "./checks/ports.mts";
import { disk, inodes, memory } from "./checks/room.mts";
import { clock, distribution, kernel } from "./checks/system.mts";
import type { ServerCheck, Target } from "./checks/target.mts";
import type { Server } from "./facts.mts";

const ALWAYS = [sudo, account, shell, distribution, kernel, clock, docker, swarm, daemonJson];
/** KiB. Above, a deployment of small images succeeds, of which `berth doctor` warns. */
const LITTLE_DISK = 524_288;
const fullDisk: ServerCheck = (server, target) =>
  server.disk && server.disk.free < LITTLE_DISK ? disk(server, target) : undefined;

/** A server that the stack runs on already is used as it is. */
const AT_FIRST = [fullDisk, inodes, memory];

/** All reasons why a server cannot be prepared, with what to do; undefined if there is none. */
export function refusal(server: Server, target: Target): string | undefined {
  const checks = server.stackContainers > 0 ? ALWAYS : [...ALWAYS, ...AT_FIRST];
  const all: (Check | undefined)[] = [...checks.map((check) => check(server, target)), ...portChecks(server, target)];
  const problems = all.flatMap((one) => (one?.status === "problem" ? one : []));
  return problems.length === 0 ? undefined : refusalFor(problems, "Nothing was changed.");
}

/** @param changed A sentence about what was changed. */
export function refusalFor(problems: Check[], changed: string): string {
  const list = problems.map(({ name, found, advice }) => `  - ${name}: ${found}\n    ${advice}`);
  return `The server cannot be prepared. ${changed}\n${list.join("\n")}`;
}
