import { parseServers, serversWith } from "../model/cluster-servers.ts";
import type { RawSettings } from "./kinds.ts";
import { type HowToSet, missing } from "./missing.ts";

/** Errors in the settings of a stack on several servers, a sentence each. Its form reports those of `servers` itself. */
export function clusterProblems(raw: RawSettings, howToSet: HowToSet): string[] {
  const { value: servers } = parseServers(raw["servers"] ?? "{}");
  if (!servers) return [];
  const [data = ""] = serversWith(servers, "data");
  const names = Object.keys(servers).sort();
  const elsewhere = serversWith(servers, "edge").filter((name) => name !== data);
  return [
    ...["serverHost", "serverHostKey"]
      .filter((name) => raw[name])
      .map((name) => `${name} has no effect, as servers is set (pulumi config rm ${name})`),
    ...missing(raw, ["siteName"], "servers is set, and the site has an address on each", howToSet),
    ...missing(raw, ["registryAddress"], "servers is set, and each server pulls the images from a registry", howToSet),
    ...(raw["frontDoor"] === "true"
      ? ["frontDoor cannot be used with servers, as each of them needs one (pulumi config set frontDoor false)"]
      : []),
    ...(raw["hardeningFirewall"] === "true"
      ? names
          .filter((name) => servers[name]?.address === undefined)
          .map((name) => `servers.${name}.address is missing: the firewall opens the ports between the servers to it`)
      : []),
    ...(elsewhere.length > 0 && (raw["tls"] === "acme" || raw["tls"] === "self-signed")
      ? [
          `tls is ${raw["tls"]}, whose certificate is on the data server ${data} only, but ${elsewhere.join(", ")} has the role edge too (${howToSet("tls").replace("…", "own")}, or give the role edge to ${data} alone)`,
        ]
      : []),
  ];
}
