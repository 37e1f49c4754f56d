import * as pulumi from "@pulumi/pulumi";
import { commandsExist } from "../app/command-check";
import { Registry } from "../host/registry";
import { type InStack, openScope } from "../host/scope";
import { Server } from "../host/server";
import type { SshInputs } from "../host/ssh";
import { Release } from "../release/release";
import type { OwnSettings } from "../settings/own";
import { readConfig } from "../settings/read";

type Read<Own extends OwnSettings["settings"]> = ReturnType<typeof readConfig<Own>>;

/** A stack's configuration as components take it: a part for each of them, and all settings as `values`. */
export type Config<Own extends OwnSettings = OwnSettings> = Omit<Read<Own["settings"]>, "edge"> & {
  /** Of the component `Edge`. Without `siteName`, the site is known by the server's address. */
  edge: Omit<Read<Own["settings"]>["edge"], "siteName"> & { siteName?: string };
};

/** What the function given to `stack` creates its resources with. */
export interface Stack<Own extends OwnSettings = OwnSettings> extends InStack {
  readonly config: Config<Own>;
}

export interface StackOptions {
  /**
   * The server to deploy to, where the program itself makes or looks it up. Each value may be an output. What is left out comes
   * from the settings `serverPort`, `serverUser` and `serverKeyFile`. Default: the settings `serverHost` and so on.
   *
   * @example { ssh: { host: machine.ipv4Address, hostKey: machine.hostKey } }
   */
  ssh?: Pick<SshInputs, "host" | "hostKey"> & Partial<SshInputs>;
}

/**
 * A stack: reads its settings, prepares its server and runs `build`, which creates the parts. When `build` returns, the stack is
 * complete: all commands are looked up before a container starts, and when every container is well, the old nginx is stopped, the
 * release is recorded, and leftovers of an interrupted deployment are removed. Returns what `build` returns, for the program to export.
 *
 * @example
 * export const { url } = berth.stack({ settings: {} }, (stack) => {
 *   const network = new berth.Network("front", { stack });
 *   …
 *   return { url: edge.url };
 * });
 * @throws pulumi.RunError naming every wrong, missing or unknown setting at once.
 */
export function stack<Own extends OwnSettings["settings"], Outputs>(
  own: OwnSettings<Own>,
  build: (stack: Stack<OwnSettings<Own>>) => Outputs,
  options: StackOptions = {},
): Outputs {
  const config = readConfig(own);
  const registry = config.registry && new Registry("registry", config.registry);
  const ssh = options.ssh ? sshOf(options.ssh, config.values) : config.server.ssh;
  const server = new Server("server", { ...config.server, ssh, registry });
  const scope = openScope(server);
  const outputs = build({ server, registry, config: options.ssh ? withoutSiteName(config) : config });
  if (outputs instanceof Promise) {
    throw new pulumi.RunError(
      "The function given to berth.stack must not be async: the stack is complete when it returns.",
    );
  }
  const members = scope.close((commands) => commandsExist(server, commands));
  new Release("release", { ...config.release, server, members });
  return outputs;
}

/** A server the program names itself, the rest of it by the settings. */
function sshOf(ssh: NonNullable<StackOptions["ssh"]>, values: Read<OwnSettings["settings"]>["values"]): SshInputs {
  const { serverHost, serverPort: port, serverUser: user, serverKeyFile: keyFile, siteName, tls } = values;
  const problems = [
    ...(serverHost ? ["serverHost is set, but the program names its server (pulumi config rm serverHost)"] : []),
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
