import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { withPreamble } from "../model/preamble";
import { isPublic, type PublishedPort } from "../model/published-port";
import { stackName, thisStack } from "../naming";
import { scriptBeside } from "../scripts";
import type { ScriptArgs } from "./run-script";

/**
 * Hardening of a server, each part on its own. Without a part, what it has changed on the server is removed. Several stacks on one server
 * can want the same part; it is removed with the last one.
 *
 * @example { firewall: { ports: ["51820/udp"] }, ssh: true, updates: {}, bans: { site: true } }
 */
export interface HardeningArgs {
  /**
   * A firewall that also holds for ports that Docker publishes. It opens the ports of sshd, those that the stack publishes, and `ports`,
   * each as `8443/tcp` or `51820/udp`. The ports of a Swarm it opens to the addresses in `peers`. Default: none.
   */
  firewall?: { ports: readonly string[]; peers?: readonly string[] } | undefined;
  /** Whether sshd refuses passwords. Default: false. */
  ssh?: boolean;
  /** Automatic security updates, and when the server may reboot for them. Default: none; without a window, it does not reboot. */
  updates?: { rebootWindow?: RebootWindow | undefined } | undefined;
  /** Bans of addresses whose sign-ins at sshd fail, and, with `site`, those at the site. Default: none. */
  bans?: { site: boolean } | undefined;
}

/** A time in which a server may reboot. */
export interface RebootWindow {
  /** Its begin as systemd writes it, e.g. `Sun *-*-* 03:00:00 Europe/Berlin`. */
  begin: string;
  /** Its length in seconds. */
  seconds: number;
}

interface HardeningStep {
  /** End of the resource's name. */
  name: "firewall" | "sshd" | "updates" | "bans";
  script: ScriptArgs;
}

/** The steps that harden a server, in their order. Those that could lock Berth out are confirmed over a new connection. */
export function hardeningSteps(
  { firewall, ssh = false, updates, bans }: HardeningArgs,
  published: pulumi.Input<PublishedPort[]>,
): HardeningStep[] {
  const ports = pulumi.output(published).apply(publicPorts);
  return [
    ...(firewall ? [{ name: "firewall" as const, script: firewallScript(ports, firewall) }] : []),
    ...(ssh ? [{ name: "sshd" as const, script: sshdScript() }] : []),
    ...(updates ? [{ name: "updates" as const, script: updatesScript(updates.rebootWindow) }] : []),
    ...(bans ? [{ name: "bans" as const, script: bansScript(bans.site ? ports : pulumi.output([])) }] : []),
  ];
}

function firewallScript(
  ports: pulumi.Output<number[]>,
  { ports: further, peers = [] }: NonNullable<HardeningArgs["firewall"]>,
): ScriptArgs {
  const functions = ["common.sh", "take-back.sh", "firewall.sh"];
  const opened = (site: number[]) => [
    ...new Set([...site.map((port) => `${port}/tcp`), ...further, ...peers.map((address) => `peer/${address}`)]),
  ];
  return {
    script: APT + own("packages.sh", ...functions, "install-firewall.sh"),
    confirm: STEP_FUNCTIONS + own(...functions, "confirm-firewall.sh"),
    undo: APT + own("packages.sh", ...functions, "remove-firewall.sh"),
    args: ports.apply((site) => [...words(), ...opened(site)]),
  };
}

function sshdScript(): ScriptArgs {
  const functions = ["common.sh", "take-back.sh", "sshd.sh"];
  return {
    script: STEP_FUNCTIONS + own(...functions, "install-sshd.sh"),
    confirm: STEP_FUNCTIONS + own(...functions, "confirm-sshd.sh"),
    undo: STEP_FUNCTIONS + own(...functions, "remove-sshd.sh"),
    args: words(),
  };
}

function updatesScript(window: RebootWindow | undefined): ScriptArgs {
  const functions = APT + own("common.sh", "packages.sh", "updates.sh", "remove-reboots.sh");
  return {
    script: functions + own("install-updates.sh"),
    undo: functions + own("remove-updates.sh"),
    args: [...words(), window?.begin ?? "", String(window?.seconds ?? 0)],
    input: withPreamble(own("reboot.sh")),
  };
}

function bansScript(ports: pulumi.Output<number[]>): ScriptArgs {
  const functions = APT + own("common.sh", "packages.sh", "bans.sh");
  const { project, stack } = thisStack();
  return {
    script: functions + own("install-bans.sh"),
    undo: functions + own("remove-bans.sh"),
    args: ports.apply((site) => [...words(), site.join(","), project, stack]),
    input: withPreamble(own("sign-ins.sh")),
  };
}

/** Ports that are reachable from other machines, in order. */
function publicPorts(published: readonly PublishedPort[]): number[] {
  const ports = published.filter(isPublic).map(({ port }) => port);
  return [...new Set(ports)].sort((one, other) => one - other);
}

/** The first arguments of each script: two for step.sh, and the stack's name. */
function words(): string[] {
  const { project, stack } = thisStack();
  return [project, stack, stackName()];
}

function own(...files: string[]): string {
  return files.map((file) => scriptBeside(__dirname, `hardening/${file}`)).join("");
}

const REMOTE = join(__dirname, "..", "remote");
const STEP_FUNCTIONS = scriptBeside(REMOTE, "prepare/step.sh");
const APT = STEP_FUNCTIONS + scriptBeside(REMOTE, "prepare/apt.sh");
