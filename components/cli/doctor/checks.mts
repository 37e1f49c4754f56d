import type { Check, Judgement } from "./check.mts";
import { hostKey, shell, signIn } from "./checks/connection.mts";
import { dns } from "./checks/dns.mts";
import { daemonJson, docker, engineSettings, swarm } from "./checks/docker.mts";
import { foreignVolumes, lock, passphrase, pulumi, state, stateKnowsStack } from "./checks/engine.mts";
import { hardening } from "./checks/hardening.mts";
import { images } from "./checks/images.mts";
import { ports } from "./checks/ports.mts";
import { architecture, builder, registry } from "./checks/registry.mts";
import { disk, inodes, memory, processors } from "./checks/room.mts";
import { account, aptLock, clock, distribution, firewall, kernel, sudo } from "./checks/server.mts";
import { acmePort, names, offsite, secretCommands, settings } from "./checks/settings.mts";
import { updates } from "./checks/updates.mts";
import { key, node, sockets, ssh, umask } from "./checks/workstation.mts";
import type { Facts } from "./facts.mts";

type Judgements = (Judgement | ((facts: Facts) => Check[]))[];

/** Of a server and its connection. */
const MACHINE: Judgements = [
  ...[hostKey, signIn, shell],
  ...[account, sudo, distribution, kernel, aptLock, clock],
  ...[disk, inodes, memory, processors],
  ...[docker, swarm, daemonJson, engineSettings],
];
const REACHABLE: Judgements = [ports, firewall, hardening];

/** All checks, in the order in which a deployment depends on them. */
const ALL: Judgements = [
  ...[node, umask, pulumi, state, passphrase, lock],
  ...[names, settings, secretCommands, acmePort, offsite],
  ...[ssh, sockets, key],
  ...MACHINE,
  ...[stateKnowsStack, foreignVolumes],
  ...REACHABLE,
  ...[dns, registry, architecture, builder, images, updates],
];

/** Runs all checks on the facts. */
export function judge(facts: Facts): Check[] {
  return ALL.flatMap((check) => check(facts) ?? []);
}

/** Runs the checks of a further server, and names it in each. */
export function judgeServer(name: string, facts: Facts): Check[] {
  return [...MACHINE, ...REACHABLE]
    .flatMap((check) => check(facts) ?? [])
    .map((check) => ({ ...check, name: `${check.name} (${name})` }));
}
