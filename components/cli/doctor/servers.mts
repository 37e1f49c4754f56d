import { parseServers, serversWith } from "../../model/cluster-servers.ts";
import type { Settings } from "./settings.mts";

/** The settings of a server of a stack, as if it were an only one. */
interface ServerSettings {
  /** Empty for an only server, and for the one with the data. */
  name: string;
  settings: Settings;
}

/** Whether the settings name several servers. */
export function areSeveral({ values }: Settings): boolean {
  return parseServers(values["servers"] ?? "{}").value !== undefined;
}

/** The servers of a stack, the one with the data first. */
export function settingsOfEach(settings: Settings): [ServerSettings, ...ServerSettings[]] {
  const { value: servers } = parseServers(settings.values["servers"] ?? "{}");
  if (!servers) return [{ name: "", settings }];
  const [data = ""] = serversWith(servers, "data");
  const edges = serversWith(servers, "edge");
  const settingsOf = (name: string): Settings => {
    const { host = "", hostKey = "", port, user, keyFile } = servers[name] ?? {};
    const own = {
      serverHost: host,
      serverHostKey: hostKey,
      ...(port !== undefined && { serverPort: String(port) }),
      ...(user !== undefined && { serverUser: user }),
      ...(keyFile !== undefined && { serverKeyFile: keyFile }),
      ...(!edges.includes(name) && { httpPort: "0", httpsPort: "0" }),
    };
    return { ...settings, values: { ...settings.values, ...own }, ...(name !== data && { toolPorts: {} }) };
  };
  const others = Object.keys(servers).filter((name) => name !== data);
  return [
    { name: "", settings: settingsOf(data) },
    ...others.sort().map((name) => ({ name, settings: settingsOf(name) })),
  ];
}
