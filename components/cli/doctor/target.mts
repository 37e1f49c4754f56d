import { doorNames } from "../../door/names.ts";
import { daemonSettings } from "../../model/daemon-settings.ts";
import { DOOR_PORTS } from "../../model/door.ts";
import type { PublishedPort } from "../../model/published-port.ts";
import type { ServerCheck, Target } from "../../remote/server/checks/target.mts";
import { entriesOf } from "../../settings/kinds.ts";
import { type Judgement, skipped } from "./check.mts";
import type { Facts } from "./facts.mts";

/** What the settings deploy to the server. */
export function targetOf({ project, stack, settings }: Pick<Facts, "project" | "stack" | "settings">): Target {
  return {
    project,
    stack,
    ports: requiredPorts(settings),
    builds: !settings.values["registryAddress"],
    settings: daemonSettings(entriesOf(settings.values["registryMirrors"])),
  };
}

/** Ports that the settings of a stack publish on the server. */
export function requiredPorts({ values, toolPorts }: Facts["settings"]): (PublishedPort & { setting: string })[] {
  const { httpAddress = "0.0.0.0", httpPort, httpsPort, tls, frontDoor } = values;
  const site = (setting: string, port = "0") =>
    httpAddress.split(",").map((address) => ({ setting, address: address.trim(), port: Number(port) }));
  const names = frontDoor === "true" ? doorNames(hostNames(values)) : [];
  return [
    ...(frontDoor === "true"
      ? DOOR_PORTS.map((port) => ({ setting: "frontDoor", address: "0.0.0.0", port, names }))
      : [...site("httpPort", httpPort), ...(tls === "off" ? [] : site("httpsPort", httpsPort))]),
    ...Object.entries(toolPorts).map(([setting, port]) => ({ setting, address: "127.0.0.1", port })),
  ].filter(({ port }) => port > 0);
}

function hostNames({ siteName, allowedHosts }: Facts["settings"]["values"]): string[] {
  return [...(siteName ? [siteName] : []), ...entriesOf(allowedHosts)];
}

/** A check that applies to servers only, as a deployment installs and configures nothing on this machine. */
export function onServer(name: string, check: ServerCheck): Judgement {
  return (facts) => {
    if (facts.connection.kind === "local") return skipped(name, "a deployment installs nothing on this machine");
    return facts.server ? check(facts.server, targetOf(facts)) : skipped(name, "the server is not reachable");
  };
}

/** A check that applies to this machine too. */
export function onAnyMachine(name: string, check: ServerCheck): Judgement {
  return (facts) =>
    facts.server ? check(facts.server, targetOf(facts)) : skipped(name, "the server is not reachable");
}
