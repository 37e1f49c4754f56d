import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "../alerts/alerts";
import { commandsExist } from "../app/command-check";
import { reportBaseImages } from "../build/locked-images";
import { Cluster } from "../host/cluster";
import { Registry } from "../host/registry";
import { type InStack, openScope, Scope } from "../host/scope";
import { Server } from "../host/server";
import type { SshInputs } from "../host/ssh";
import type { PublishedPort } from "../model/published-port";
import { isRecord } from "../model/values";
import { Release } from "../release/release";
import type { OwnSettings } from "../settings/own";
import { readConfig } from "../settings/read";
import type { StandardSettings } from "../settings/standard";

type Read<Own extends OwnSettings["settings"]> = ReturnType<typeof readConfig<Own>>;

/** A stack's configuration: arguments for components, and all settings as `values`. */
export type Config<Own extends OwnSettings = OwnSettings> = Omit<Read<Own["settings"]>, "edge"> & {
  /** Arguments of `Edge`. Without `siteName`, the URL of the site has the server's address. */
  edge: Omit<Read<Own["settings"]>["edge"], "siteName"> & { siteName?: string };
};

/** The argument of the function that creates the stack's resources. */
export interface Stack<Own extends OwnSettings = OwnSettings> extends InStack {
  readonly config: Config<Own>;
}

export interface StackOptions {
  /**
   * The server to deploy to, if the program creates it or looks it up. Each value can be an output. Missing values come from the
   * settings `serverPort`, `serverUser` and `serverKeyFile`. Default: the server of the setting `serverHost`.
   *
   * @example { ssh: { host: machine.ipv4Address, hostKey: machine.hostKey } }
   */
  ssh?: Pick<SshInputs, "host" | "hostKey"> & Partial<SshInputs>;
}

/**
 * Creates a stack: reads its settings, prepares its server and calls `build`, which creates the components. Then it adds the steps of
 * every release. Before a container starts, it checks that the images have the programs of all commands. After all containers are
 * healthy, it stops the old nginx, records the release, and removes remains of interrupted deployments. Returns the result of `build`,
 * which the program exports.
 *
 * @example
 * export const { url } = berth.stack({ settings: {} }, (stack) => {
 *   const network = new berth.Network("front", { stack });
 *   …
 *   return { url: edge.url };
 * });
 * @throws pulumi.RunError that lists all invalid, missing and unknown settings.
 */
export function stack<Own extends OwnSettings["settings"], Outputs>(
  own: OwnSettings<Own>,
  build: (stack: Stack<OwnSettings<Own>>) => Outputs,
  options: StackOptions = {},
): Outputs {
  const config = readConfig(own);
  const registry = config.registry && new Registry("registry", config.registry);
  const ssh = options.ssh ? sshOf(options.ssh, config.values) : config.server.ssh;
  const { servers } = config.values;
  const scope = new Scope(config.values.imagesVersion);
  const ports = scope.ports.apply((all) => all.map((one) => ({ ...one, ...settingOf(one, config.values) })));
  const place = servers
    ? new Cluster("cluster", { ...config.server, registry, ports, servers, ssh: ofEachServer(config.values) })
    : new Server("server", { ...config.server, ssh, registry, ports });
  const server = place.home;
  openScope(place.servers, scope);
  const inStack = { server, registry, ...(place !== server && { cluster: place }) };
  const outputs = build({ ...inStack, config: options.ssh ? withoutSiteName(config) : config });
  if (outputs instanceof Promise) {
    throw new pulumi.RunError(
      "The function given to berth.stack must not be async: the stack is complete when it returns.",
    );
  }
  const members = scope.close((commands) => commandsExist(server, commands));
  reportBaseImages();
  new Release("release", { ...config.release, place, members });
  if (config.alerts && server.isRemote)
    new Alerts("alerts", { ...config.alerts, server, members, url: urlIn(outputs), swarm: place.swarm !== undefined });
  return outputs;
}

/** The URL of the site, if the program exports it as `url`. */
function urlIn(outputs: unknown): pulumi.Output<string> {
  const url: pulumi.Output<unknown> = pulumi.output(isRecord(outputs) ? outputs["url"] : undefined);
  return url.apply((value) => (typeof value === "string" ? value : ""));
}

/** What the servers of a cluster have in common, unless one names its own. */
function ofEachServer({ serverPort: port, serverUser: user, serverKeyFile: keyFile }: StandardSettings) {
  return { port, user, keyFile };
}

/** The setting with the number of a port, for the advice when the port is in use. */
function settingOf({ port }: PublishedPort, values: Record<string, unknown>): Pick<PublishedPort, "setting"> {
  const setting = Object.keys(values).find((name) => name.endsWith("Port") && values[name] === port);
  return setting === undefined ? {} : { setting };
}

/** The server in `options.ssh`, with missing values from the settings. */
function sshOf(ssh: NonNullable<StackOptions["ssh"]>, values: Read<OwnSettings["settings"]>["values"]): SshInputs {
  const { serverHost, serverPort: port, serverUser: user, serverKeyFile: keyFile, siteName, tls } = values;
  const problems = [
    ...(values.servers ? ["servers is set, but the program sets the server with ssh (pulumi config rm servers)"] : []),
    ...(serverHost
      ? ["serverHost is set, but the program sets the server with ssh (pulumi config rm serverHost)"]
      : []),
    ...(tls !== "off" && !siteName
      ? ["siteName is missing: the certificate needs a name before the server has one (pulumi config set siteName …)"]
      : []),
  ];
  if (problems.length === 0) return { port, user, keyFile, ...ssh };
  throw new pulumi.RunError(
    `The configuration is invalid; nothing was changed:\n${problems.map((one) => `  - ${one}`).join("\n")}`,
  );
}

/** A site without a name uses the server's host name, which is known later. */
function withoutSiteName<Own extends OwnSettings["settings"]>(config: Read<Own>): Config<OwnSettings<Own>> {
  const { siteName: _, ...edge } = config.edge;
  const { siteName } = config.values;
  return { ...config, edge: { ...edge, ...(siteName && { siteName }) } };
}
