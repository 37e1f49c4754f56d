import { parseDaemonJson } from "../../../model/daemon-settings.ts";
import { isRecord } from "../../../model/values.ts";
import { ok, problem, warning } from "../check.mts";
import type { Server } from "../facts.mts";
import type { ServerCheck, Target } from "./target.mts";

const OLDEST = 20.1;
/** First version that builds a sent folder into containerd's image store (moby#47717). */
const BUILDS_INTO_CONTAINERD = 27.05;
const DEFAULT_SOCKETS = ["", "unix:///var/run/docker.sock", "unix:///run/docker.sock"];

/** First version with containerd's image store, which older ones ignore in daemon.json. */
const HAS_CONTAINERD_STORE = 24;

/** A deployment installs Docker if it is missing, and needs the system's own engine. */
export const docker: ServerCheck = (server, target) => {
  const { docker, packages, account } = server;
  if (docker.snap)
    return problem(
      "Docker",
      `${docker.version ?? ""} from snap`.trim(),
      "A deployment would install a second engine beside it. Remove it (snap remove docker: this deletes its containers and volumes) or use another server; a deployment then installs Docker.",
    );
  if (docker.podman || packages["podman-docker"] || /podman/.test(docker.programs["docker"] ?? ""))
    return problem(
      "Docker",
      "the command docker is Podman's",
      "As root on the server: apt-get remove podman-docker, and systemctl disable --now podman.socket; a deployment then installs Docker. Or use another server.",
    );
  if (docker.rootless || !DEFAULT_SOCKETS.includes(docker.context))
    return problem(
      "Docker",
      `${docker.version ?? "an engine"} ${docker.rootless ? "runs rootless" : "is another than the system's"} (${docker.context})`,
      `A deployment uses the system's engine, as a rootless one cannot publish port 80. As ${account} on the server: docker context use default, and remove DOCKER_HOST from the shell's files. Or deploy with another account.`,
    );
  const unusable = unusableStore(server, target);
  if (unusable) return unusable;
  if (!docker.programs["dockerd"] && !docker.version)
    return ok("Docker", "not installed; the first deployment installs docker.io");
  if (!docker.programs["docker"])
    return ok("Docker", "installed without the command docker; the first deployment installs docker-cli");
  if (!docker.version) return silent(docker.error);
  const found = `${docker.version} (${originOf(server)})`;
  if (numberOf(docker.version) < OLDEST) return problem("Docker", found, "Upgrade Docker to 20.10 or later.");
  return ok("Docker", found);
};

/** The problem of an engine, present or to be installed, whose image store it cannot build into. */
export const unusableStore: ServerCheck = (server, { builds }) => {
  const { version, containerdStore, candidate, programs } = server.docker;
  const inStore = "with the containerd image store";
  const cannot = "Before 27.5, Docker cannot build images that a deployment sends to this store";
  const remove = "remove containerd-snapshotter from the features in /etc/docker/daemon.json";
  if (!builds) return undefined;
  if (version) {
    if (!containerdStore || numberOf(version) >= BUILDS_INTO_CONTAINERD) return undefined;
    return problem(
      "Docker",
      `${version} (${originOf(server)}), ${inStore}`,
      `${cannot}: upgrade Docker, or ${remove} and restart Docker, which then does not show the images and containers in that store.`,
    );
  }
  const number = numberOf(candidate);
  const builder = number < HAS_CONTAINERD_STORE || number >= BUILDS_INTO_CONTAINERD;
  if (programs["dockerd"] || builder || !namesContainerdStore(server.docker)) return undefined;
  return problem(
    "Docker",
    `not installed; the first deployment would install docker.io ${candidate}, ${inStore}`,
    `${cannot}: ${remove}, or install a later Docker.`,
  );
};

/** Whether only apt's lists, which are not on the server yet, tell if a deployment can build images with the Docker to be installed. */
export function dependsOnVersion({ docker }: Server, { builds }: Target): boolean {
  return builds && !docker.programs["dockerd"] && docker.candidate === "" && namesContainerdStore(docker);
}

function namesContainerdStore({ daemonJson }: Server["docker"]): boolean {
  const features = parseDaemonJson(daemonJson)?.["features"];
  return isRecord(features) && features["containerd-snapshotter"] === true;
}

/** 27.05 of `27.5.1` and of the package `5:27.5.1-1`. */
function numberOf(version: string): number {
  const [major = "0", minor = "0"] = version.replace(/^\d+:/, "").split(".");
  return Number(`${major}.${minor.padStart(2, "0")}`);
}

function silent(error: string): ReturnType<ServerCheck> {
  const last = error.trim().split("\n").at(-1)?.trim();
  const found = `installed, but no engine answers: ${last || "docker version failed"}`;
  if (/permission denied/i.test(error))
    return warning("Docker", found, "The first deployment adds the account to the group docker.");
  return problem("Docker", found, "Read the reason in its journal: journalctl -u docker -n 50");
}

function originOf({ packages }: Server): string {
  const [name] = Object.keys(packages).filter((one) => one !== "podman-docker");
  if (name === "docker-ce") return "docker-ce, from Docker's repository";
  return name ? `${name}, from the distribution` : "from an unknown package";
}

export const swarm: ServerCheck = ({ docker }) => {
  if (!docker.version) return undefined;
  if (!inSwarm(docker)) return ok("Swarm mode", "off");
  return warning(
    "Swarm mode",
    docker.swarm,
    "An engine in Swarm mode does not start with live-restore, so a deployment leaves it out: containers stop while Docker restarts. If nothing uses the swarm: docker swarm leave --force",
  );
};

export function inSwarm({ swarm }: Pick<Server["docker"], "swarm">): boolean {
  return swarm !== "" && swarm !== "inactive";
}
