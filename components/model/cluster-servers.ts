import { isIP } from "node:net";
import { z } from "zod";
import { HOST, toAscii } from "./host-name.ts";
import type { Parsed } from "./parsed.ts";
import { ACCOUNT, KEY_FILE, PUBLIC_KEY } from "./ssh-values.ts";
import { isRecord, parseJson } from "./values.ts";

/** What a server is for, beside running services. */
export type Role = "data" | "edge" | "manager";

/** A server of a cluster. */
export interface ClusterServer {
  /** Host name or address for SSH. */
  host: string;
  /** The server's public host key, e.g. `ssh-ed25519 AAAA…`. */
  hostKey: string;
  /** Address by which the other servers reach it, e.g. one of a private network. Default: `host`, or the one of its default route. */
  address?: string | undefined;
  /** Port of sshd. Default: that of the setting serverPort. */
  port?: number | undefined;
  /** Account to sign in as. Default: that of the setting serverUser. */
  user?: string | undefined;
  /** Path of the private key. Default: that of the setting serverKeyFile. */
  keyFile?: string | undefined;
  /**
   * `data`: has the databases, backups, jobs and volumes; `edge`: has the site's ports; `manager`: keeps the state of the Swarm. Without a
   * manager, the data server is one, and with three servers and more, the first two others by name.
   */
  roles: readonly Role[];
}

/** Servers by name. */
export type ClusterServers = Readonly<Record<string, ClusterServer>>;

const ROLES = ["data", "edge", "manager"] as const;

const Server = z.strictObject({
  host: z.string("is missing").transform(toAscii).pipe(z.string().regex(HOST, "must be a host name or an address")),
  hostKey: z.string("is missing").regex(PUBLIC_KEY, 'must be a public key, "ssh-ed25519 AAAA…"'),
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, "must be an address such as 10.0.0.5")
    .optional(),
  port: z.coerce.number().int().min(1).max(65_535, "must be a port from 1 to 65535").optional(),
  user: z.string().regex(ACCOUNT, "must be the name of an account, e.g. ubuntu").optional(),
  keyFile: z.string().regex(KEY_FILE, "must be a path such as ~/.ssh/id_ed25519").optional(),
  roles: z.array(z.enum(ROLES, `must be among ${ROLES.join(", ")}`), "must be a list such as [edge]").default([]),
});

/** Parses the JSON text of the setting `servers`; undefined without servers. */
export function parseServers(text: string): Parsed<ClusterServers | undefined> {
  const given = parseJson(text);
  if (!isRecord(given)) return { problems: ["it is no map of servers by name"] };
  if (Object.keys(given).length === 0) return { value: undefined, problems: [] };
  const parsed = Object.entries(given).map(([name, server]) => ({ name, ...Server.safeParse(server) }));
  const problems = parsed.flatMap(({ name, error }) => [
    ...(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)
      ? []
      : [`the server's name "${name}" must be lower-case letters, digits and -, at most 30`]),
    ...(error?.issues ?? []).map(({ path, message }) => `${[name, ...path].join(".")} ${message}`),
  ]);
  if (problems.length > 0) return { problems };
  const servers = Object.fromEntries(parsed.flatMap(({ name, data }) => (data ? [[name, data] as const] : [])));
  const invalid = clusterProblems(servers);
  return invalid.length > 0 ? { problems: invalid } : { value: servers, problems: [] };
}

/** Names of the servers with a role, in the order of their names. */
export function serversWith(servers: ClusterServers, role: Role): string[] {
  return names(servers).filter((name) => servers[name]?.roles.includes(role));
}

/** Names of the managers, the data server first: of an even number, one more could fail than without the last. */
export function managersOf(servers: ClusterServers): string[] {
  const [data = ""] = serversWith(servers, "data");
  const named = serversWith(servers, "manager");
  const all = names(servers);
  const others = (named.length > 0 ? named : all.length < 3 ? [] : all).filter((name) => name !== data);
  return [data, ...(named.length > 0 ? others : others.slice(0, 2))];
}

function names(servers: ClusterServers): string[] {
  return Object.keys(servers).sort();
}

/** Errors in the servers together, a sentence each. */
function clusterProblems(servers: ClusterServers): string[] {
  const all = names(servers);
  const data = serversWith(servers, "data");
  const managers = serversWith(servers, "manager");
  const twice = (key: "host" | "address") =>
    all.filter((name, index) => {
      const value = servers[name]?.[key];
      return value !== undefined && all.findIndex((other) => servers[other]?.[key] === value) < index;
    });
  return [
    ...(all.length > 1
      ? []
      : ["it names one server, which needs no cluster. Set serverHost and serverHostKey instead"]),
    ...(data.length === 1
      ? []
      : [
          `exactly one server must have the role data, for databases and volumes, but ${data.join(", ") || "none"} has it`,
        ]),
    ...(serversWith(servers, "edge").length > 0
      ? []
      : ["at least one server must have the role edge, for the site's ports"]),
    ...(managers.length === 0 || managers.length === 1 || managers.length === 3
      ? []
      : [`one or three servers can be managers, but ${managers.join(", ")} are: of two, none may fail`]),
    ...(managers.length > 0 && data[0] !== undefined && !managers.includes(data[0])
      ? [`the data server ${data[0]} must be a manager too, as services are created there`]
      : []),
    ...twice("host").map((name) => `${name} has the host ${servers[name]?.host} of another server`),
    ...twice("address").map((name) => `${name} has the address ${servers[name]?.address} of another server`),
  ];
}
