import { type Judgement, ok, problem, skipped } from "../check.mts";

const FILE = "/etc/docker/daemon.json";
/** What a deployment sets, and the flags of dockerd that say the same. */
const FLAGS = {
  "live-restore": "live-restore",
  "no-new-privileges": "no-new-privileges",
  "log-driver": "log-driver",
  "log-opts": "log-opt",
};
const MIRROR_FLAGS = { "registry-mirrors": "registry-mirror", "insecure-registries": "insecure-registry" };
const JSON_FILE_OPTIONS = ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"];
const FORCE = "or use another server. A container that needs another driver names it itself (docker run --log-driver).";

/** A deployment merges its settings into the file and restarts the engine, which then has to come up again. */
export const daemonJson: Judgement = ({ server, connection }) => {
  if (connection.kind === "here") return skipped("daemon.json", "nothing is set on this machine");
  if (!server) return skipped("daemon.json", "the server was not reached");
  const text = server.docker.daemonJson;
  if (text === "") return ok("daemon.json", "none; the first deployment makes it");
  const settings = parsed(text);
  if (!settings)
    return problem(
      "daemon.json",
      `${FILE} is not a JSON object`,
      "Correct or remove it: nothing can be merged into it, and the engine does not start with it.",
    );
  const driver = settings["log-driver"];
  if (driver !== undefined && driver !== "json-file") {
    return problem(
      "daemon.json",
      `log-driver is ${JSON.stringify(driver)}`,
      `A deployment sets json-file. Take log-driver and log-opts out of ${FILE} and restart Docker, ${FORCE}`,
    );
  }
  const foreign = Object.keys(parsed(JSON.stringify(settings["log-opts"] ?? {})) ?? {}).filter(
    (name) => !JSON_FILE_OPTIONS.includes(name),
  );
  if (foreign.length > 0) {
    return problem(
      "daemon.json",
      `log-opts has ${foreign.join(", ")}`,
      `The driver json-file has no such option, so the engine would not start. Take it out of ${FILE}, ${FORCE}`,
    );
  }
  return ok("daemon.json", `settings of its own: ${Object.keys(settings).join(", ") || "none"}`);
};

/** A setting both as a flag and in daemon.json keeps the engine from starting. */
export const unitFlags: Judgement = ({ server, connection, settings }) => {
  if (!server || connection.kind !== "connected" || server.docker.unit === "") return undefined;
  const flags = Object.values(settings.values["registryMirrors"] === "[]" ? FLAGS : { ...FLAGS, ...MIRROR_FLAGS });
  const set = flags.filter((flag) => new RegExp(`\\s--${flag}(=|\\s|$)`).test(server.docker.unit));
  if (set.length === 0) return ok("docker.service", "no flags that a deployment sets");
  return problem(
    "docker.service",
    `dockerd is started with --${set.join(", --")}`,
    "A deployment sets the same in daemon.json, and the engine does not start with both. Take it out of ExecStart (systemctl edit docker).",
  );
};

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
