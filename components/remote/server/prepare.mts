// Prepares a server for deployments. Pulumi starts it with Node.js (host/server.ts).
import { changedSettings, mergedInto, parseDaemonJson } from "../../model/daemon-settings.ts";
import { Problem } from "../../model/problem.ts";
import { entryPoint } from "../entry-point.mts";
import type { Place } from "../place.mts";
import { type InteractiveCall, runInteractively } from "../run.mts";
import { usedAsItIs } from "./checks/access.mts";
import { dependsOnVersion, unusableStore } from "./checks/docker.mts";
import { settingsFor } from "./checks/engine-settings.mts";
import type { Target } from "./checks/target.mts";
import type { Server } from "./facts.mts";
import { observe } from "./observe.mts";
import { refusal, refusalFor } from "./refusal.mts";

export interface Wanted extends Target {
  /** The systemd drop-in of the engine. */
  dropIn: string;
  /** The drop-in of sshd. */
  sshd: string;
}

/** Entry point of a local command of Pulumi, which sets environment variables with the server. */
export async function prepare(): Promise<void> {
  const { SSH = "", WANTED = "" } = process.env;
  const wanted: Wanted = JSON.parse(WANTED);
  await entryPoint(() => prepareServer({ sshPrefix: SSH, project: wanted.project, stack: wanted.stack }, wanted));
}

/**
 * Installs Docker if it is missing, configures it and sshd, and allows the account to use it. A server where this cannot
 * succeed, or where it would harm others, is refused before anything is changed. Repeatable.
 *
 * @param password The account's password for sudo. Default: none, sudo must not ask for one.
 * @throws Problem with the reason and the fix.
 */
export async function prepareServer(place: Place, wanted: Wanted, password?: string): Promise<void> {
  const step = (name: string, words: string[], input = "") => runStep(place, name, { words, input, password });
  const before = await observed(place, password);
  refuse(refusal(before, wanted));
  if (usedAsItIs(before)) return leaveAsItIs(before, wanted);
  const missing = missingPackages(before);
  if (missing.length > 0) {
    if (dependsOnVersion(before, wanted)) {
      await step("update-packages.sh", [String(PACKAGES_TIMEOUT)]);
      refuse(refusal(await observed(place, password), wanted));
    }
    await step("install-packages.sh", [String(PACKAGES_TIMEOUT), ...missing]);
  }
  const server = missing.length > 0 ? await observed(place, password) : before;
  const unusable = unusableStore(server, wanted);
  refuse(unusable && refusalFor([unusable], `Only these packages were installed: ${missing.join(" ")}.`));
  await step("configure-sshd.sh", [wanted.sshd]);
  const { apply, changed, text } = engineChange(server, wanted);
  await step("configure-engine.sh", [apply, wanted.dropIn, ...changed], text);
  await step("allow-account.sh", []);
  // Several servers are prepared without live-restore.
  if (server.docker.swarm === "active" && wanted.settings["live-restore"] === true) await step("end-services.sh", []);
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new Problem(reason);
}

/** Prints a warning that names what Berth would change with sudo. */
function leaveAsItIs(server: Server, wanted: Wanted): void {
  const current = parseDaemonJson(server.docker.daemonJson) ?? {};
  const differing = [
    ...changedSettings(current, mergedInto(current, settingsFor(server, wanted).settings)),
    ...(server.docker.dropIn === wanted.dropIn.trim() ? [] : ["the systemd drop-in for reboots"]),
  ];
  if (differing.length === 0) return;
  console.log(
    `The account ${server.account} may not use sudo, so Docker's configuration stays as it is, without ${differing.join(", ")}. sshd's limits of connections are not checked. docs/deploy.md has what this means.`,
  );
}

/** In seconds. The updates of a new server take some minutes. */
const PACKAGES_TIMEOUT = 600;

function missingPackages({ docker: { programs } }: Server): string[] {
  if (!programs["dockerd"]) return ["docker.io", "iptables"];
  return programs["docker"] ? [] : ["docker-cli"];
}

async function observed(place: Place, password?: string): Promise<Server> {
  const { server, stderr } = await observe(place, [], password);
  if (server) return server;
  throw new Problem(`The server cannot be checked. Nothing was changed.\n\nssh said: ${stderr || "nothing"}`);
}

/** Settings that an engine also applies without a restart. */
const RELOADABLE = ["live-restore", "registry-mirrors", "insecure-registries"];

interface EngineChange {
  apply: "restart" | "reload" | "";
  /** Names of the settings. */
  changed: string[];
  /** The new daemon.json. */
  text: string;
}

/** What is to change in the engine's configuration. Prints what is left out, and why. */
function engineChange(server: Server, wanted: Wanted): EngineChange {
  const current = parseDaemonJson(server.docker.daemonJson) ?? {};
  const { settings, omitted } = settingsFor(server, wanted);
  for (const [name, reason] of Object.entries(omitted)) {
    console.log(`Docker's ${name} stays as it is: ${reason}.`);
  }
  const after = mergedInto(current, settings);
  const changed = changedSettings(current, after);
  const text = JSON.stringify(after, null, 2);
  if (changed.length === 0) return { apply: "", changed, text };
  const restarts = changed.filter((name) => !RELOADABLE.includes(name));
  if (restarts.length === 0) return { apply: "reload", changed, text };
  // Without live-restore, a restart would stop all containers on the server.
  const stops = after["live-restore"] !== true && !/--live-restore(=true)?(\s|$)/.test(server.docker.unit);
  if (!stops || !server.docker.version || server.containers.length === 0) return { apply: "restart", changed, text };
  console.log(`${restarts.join(", ")}: effective when Docker is next restarted, which would stop its containers now.`);
  return { apply: "reload", changed, text };
}

type StepCall = Pick<InteractiveCall, "words" | "input" | "password">;

async function runStep(place: Place, name: string, call: StepCall): Promise<void> {
  if ((await runInteractively(place, `prepare/${name}`, { ...call, withoutEngine: true })) === 0) return;
  // The step has printed the reason.
  throw new Problem(`The server is not prepared: ${name.replace(".sh", "")} failed.`);
}
