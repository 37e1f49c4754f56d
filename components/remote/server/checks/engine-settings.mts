import {
  type Applicable,
  applicableSettings,
  type ConfiguredEngine,
  parseDaemonJson,
} from "../../../model/daemon-settings.ts";
import { isRecord } from "../../../model/values.ts";
import { ok, problem } from "../check.mts";
import type { Server } from "../facts.mts";
import { inSwarm } from "./docker.mts";
import type { ServerCheck, Target } from "./target.mts";

const FILE = "/etc/docker/daemon.json";
const JSON_FILE_OPTIONS = ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"];

/** A deployment merges its settings into the file, which must be valid. */
export const daemonJson: ServerCheck = ({ docker }) => {
  if (docker.daemonJson === "") return ok("daemon.json", "none; the first deployment creates it");
  const settings = parseDaemonJson(docker.daemonJson);
  if (!settings)
    return problem(
      "daemon.json",
      `${FILE} is not a JSON object`,
      "Correct or remove it: a deployment cannot merge its settings into it, and the engine does not start with it.",
    );
  const options = settings["log-opts"];
  const names = isRecord(options) ? Object.keys(options) : [];
  const foreign = names.filter((name) => !JSON_FILE_OPTIONS.includes(name));
  const withDriver = settings["log-driver"] ?? /--log-driver\b/.test(docker.unit);
  if (foreign.length > 0 && (!withDriver || withDriver === "json-file")) {
    return problem(
      "daemon.json",
      `log-opts has ${foreign.join(", ")}`,
      `The driver json-file has no such option, so the engine does not start. Remove it from ${FILE}, or name the driver it belongs to.`,
    );
  }
  return ok("daemon.json", `existing settings: ${Object.keys(settings).join(", ") || "none"}`);
};

/** Settings that a deployment leaves out, since the engine would not start with them or other containers would suffer. */
export const leftOut: ServerCheck = (server, target) => {
  const { omitted } = settingsFor(server, target);
  const list = Object.entries(omitted).map(([name, reason]) => `${name} (${reason})`);
  if (list.length === 0) return ok("engine settings", "none of Berth's settings clashes with the engine's");
  return ok("engine settings", `a deployment leaves out ${list.join(", ")}`);
};

/** The settings that a deployment writes on this server. */
export function settingsFor(server: Server, { settings }: Pick<Target, "settings">): Applicable {
  return applicableSettings(settings, configuredEngine(server));
}

function configuredEngine({ docker, containers }: Server): ConfiguredEngine {
  return {
    current: parseDaemonJson(docker.daemonJson) ?? {},
    flags: docker.unit,
    swarm: inSwarm(docker),
    servesOthers: containers.some(({ project }) => project === ""),
  };
}
