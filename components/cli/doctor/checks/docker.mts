import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import type { Server } from "../facts.mts";

const OLDEST = 20.1;
const DEFAULT_SOCKET = "unix:///var/run/docker.sock";
const REINSTALL =
  "Remove it (this deletes its containers and volumes) or use another server; a deployment then installs Docker.";

export const docker: Judgement = ({ server, connection, stack }) => {
  if (!server) return skipped("Docker", "the server is not reachable");
  return connection.kind === "local" ? localDocker(server, stack) : serverDocker(server);
};

function localDocker({ docker }: Server, stack: string): ReturnType<Judgement> {
  const start = `Start it (sudo systemctl start docker, or Docker Desktop), or name a server: pulumi config set serverHost … --stack ${stack}`;
  if (!docker.version) return problem("Docker", lastLine(docker.error) || "not installed", start);
  if (docker.context !== "" && docker.context !== DEFAULT_SOCKET && !process.env["DOCKER_HOST"]) {
    return problem(
      "Docker",
      `${docker.version} at ${docker.context}`,
      `Pulumi uses another engine than the command docker. Set the same engine for both: export DOCKER_HOST=${docker.context}`,
    );
  }
  return ok("Docker", docker.version);
}

function serverDocker(server: Server): ReturnType<Judgement> {
  const { docker, packages } = server;
  if (docker.snap)
    return problem(
      "Docker",
      `${docker.version ?? ""} from snap`.trim(),
      `A deployment would install a second engine. ${REINSTALL.replace("Remove it", "snap remove docker")}`,
    );
  if (packages["podman-docker"] || /podman/.test(docker.programs["docker"] ?? "")) {
    return problem(
      "Docker",
      "the command docker is Podman's",
      "As root on the server: apt-get remove podman-docker; a deployment then installs Docker.",
    );
  }
  if (!docker.programs["dockerd"] && !docker.version)
    return ok("Docker", "not installed; the first deployment installs docker.io");
  if (!docker.version) {
    const found = `installed, but no engine answers: ${lastLine(docker.error) || "docker: command not found"}`;
    if (/permission denied/i.test(docker.error))
      return warning("Docker", found, "The first deployment adds the account to the group docker.");
    return problem("Docker", found, "Read the reason in its journal: journalctl -u docker -n 50");
  }
  const found = `${docker.version} (${originOf(server)})`;
  const [major = "0", minor = "0"] = docker.version.split(".");
  if (Number(`${major}.${minor.padStart(2, "0")}`) >= OLDEST) return ok("Docker", found);
  return problem("Docker", found, "Upgrade Docker to 20.10 or later.");
}

function originOf({ docker, packages }: Server): string {
  if (docker.snap) return "snap";
  const [name] = Object.keys(packages).filter((one) => one !== "podman-docker");
  if (name === "docker-ce") return "docker-ce, from Docker's repository";
  return name ? `${name}, from the distribution` : "from an unknown package";
}

export const swarm: Judgement = ({ server }) => {
  if (!server?.docker.version) return undefined;
  const { swarm } = server.docker;
  if (!swarm || swarm === "inactive") return ok("Swarm mode", "off");
  return problem(
    "Swarm mode",
    swarm,
    "A deployment sets live-restore, with which an engine in Swarm mode does not start: all other applications on the server would be down. Leave the swarm (docker swarm leave --force) or use another server.",
  );
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
