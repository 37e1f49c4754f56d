import { type Judgement, ok, problem, skipped } from "../check.mts";

const FILE = "/etc/docker/daemon.json";
/** Settings that a deployment writes, and the flags of dockerd that set the same. */
const FLAGS = {
  "live-restore": "live-restore",
  "no-new-privileges": "no-new-privileges",
  "log-driver": "log-driver",
  "log-opts": "log-opt",
};
const MIRROR_FLAGS = { "registry-mirrors": "registry-mirror", "insecure-registries": "insecure-registry" };
const JSON_FILE_OPTIONS = ["max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"];
const ALTERNATIVE =
  "or use another server. A container that needs another driver can set it (docker run --log-driver).";

/** A deployment merges its settings into the file and restarts the engine, which must accept the result. */
export const daemonJson: Judgement = ({ server, connection }) => {
  if (connection.kind === "local") return skipped("daemon.json", "a deployment does not configure this machine");
  if (!server) return skipped("daemon.json", "the server is not reachable");
  const text = server.docker.daemonJson;
  if (text === "") return ok("daemon.json", "none; the first deployment creates it");
  const settings = parsed(text);
  if (!settings)
    return problem(
      "daemon.json",
      `${FILE} is not a JSON object`,
      "Correct or remove it: a deployment cannot merge its settings into it, and the engine does not start with it.",
    );
  const driver = settings["log-driver"];
  if (driver !== undefined && driver !== "json-file") {
    return problem(
      "daemon.json",
      `log-driver is ${JSON.stringify(driver)}`,
      `A deployment sets json-file. Remove log-driver and log-opts from ${FILE} and restart Docker, ${ALTERNATIVE}`,
    );
  }
  const foreign = Object.keys(parsed(JSON.stringify(settings["log-opts"] ?? {})) ?? {}).filter(
    (name) => !JSON_FILE_OPTIONS.includes(name),
  );
  if (foreign.length > 0) {
    return problem(
      "daemon.json",
      `log-opts has ${foreign.join(", ")}`,
      `The driver json-file has no such option, so the engine would not start. Remove it from ${FILE}, ${ALTERNATIVE}`,
    );
  }
  return ok("daemon.json", `existing settings: ${Object.keys(settings).join(", ") || "none"}`);
};

/** The engine does not start if a setting is both a flag and in daemon.json. */
export const unitFlags: Judgement = ({ server, connection, settings }) => {
  if (!server || connection.kind !== "connected" || server.docker.unit === "") return undefined;
  const flags = Object.values(settings.values["registryMirrors"] === "[]" ? FLAGS : { ...FLAGS, ...MIRROR_FLAGS });
  const set = flags.filter((flag) => new RegExp(`\\s--${flag}(=|\\s|$)`).test(server.docker.unit));
  if (set.length === 0) return ok("docker.service", "no flags that conflict with daemon.json");
  return problem(
    "docker.service",
    `starts dockerd with --${set.join(", --")}`,
    "A deployment sets the same in daemon.json, and the engine does not start with both. Remove the flag from ExecStart (systemctl edit docker).",
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
