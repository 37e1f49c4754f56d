// Parses the output of look.sh.
import type { ConfiguredEngine } from "../../model/daemon-settings.ts";
import {
  type Image,
  type Inspected,
  inspected,
  isTask,
  type Network,
  type SwarmService,
  type Volume,
} from "../../model/inspected.ts";
import type { File } from "./deployed.mts";

export interface Observed {
  containers: Inspected[];
  networks: Network[];
  volumes: Volume[];
  images: Image[];
  services: SwarmService[];
  /** Files by the container's id and path. */
  files: Record<string, Record<string, File>>;
  /** Text of daemon.json; empty if there is none. */
  settings: string;
  /** Text of the systemd drop-in; empty if there is none. */
  dropIn: string;
  /** Whether a deployment can change the engine's configuration: the account is root, or may use sudo without a password. */
  configurable: boolean;
  /** What decides which settings the engine accepts. */
  engine: Omit<ConfiguredEngine, "current">;
}

/** @param printed output of look.sh. */
export function observedFrom(printed: string): Observed {
  // look.sh queries objects by label and by name, so some lines occur twice.
  const lines = [...new Set(printed.split("\n"))].map((line) => {
    const space = line.indexOf(" ");
    return { kind: line.slice(0, space), rest: line.slice(space + 1) };
  });
  const all = (kind: string) => lines.filter((line) => line.kind === kind).map(({ rest }) => rest);
  const files: Observed["files"] = {};
  for (const line of all("file")) {
    const [, container = "", sha256 = "", mode = "", owner = "", path = ""] =
      // sha256sum prints a dash for standard input.
      /^(\S+) (\S+) {2}- (\S+) (\S+) (.*)$/.exec(line) ?? [];
    files[container] = { ...files[container], [path]: { sha256, mode: mode.replace(/^0+/, ""), owner } };
  }
  return {
    containers: all("container")
      .map(inspected.container)
      .filter((one) => !isTask(one)),
    networks: all("network").map(inspected.network),
    volumes: all("volume").map(inspected.volume),
    images: all("image").map(inspected.image),
    services: all("service").map(inspected.service),
    files,
    settings: all("settings").join(""),
    dropIn: Buffer.from(all("dropin").join(""), "base64").toString(),
    configurable: all("access").join("") !== "none",
    engine: {
      flags: Buffer.from(all("flags").join(""), "base64").toString(),
      swarm: !["", "inactive"].includes(all("swarm").join("")),
      servesOthers: all("others").length > 0,
    },
  };
}
