import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import type { Server } from "../facts.mts";

const OLDEST = 20.1;
const DEFAULT_SOCKET = "unix:///var/run/docker.sock";
const NEEDED =
  "Remove it (its containers and volumes go with it) or use another server; a deployment then installs Docker.";

export const docker: Judgement = ({ server, connection, stack }) => {
  if (!server) return skipped("Docker", "the server was not reached");
  return connection.kind === "here" ? dockerHere(server, stack) : dockerThere(server);
};

function dockerHere({ docker }: Server, stack: string): ReturnType<Judgement> {
  const start = `Start it (sudo systemctl start docker, or Docker Desktop), or name a server: pulumi config set serverHost … --stack ${stack}`;
  if (!docker.version) return problem("Docker", lastLine(docker.refuses) || "not installed", start);
  if (docker.context !== "" && docker.context !== DEFAULT_SOCKET && !process.env["DOCKER_HOST"]) {
    return problem(
      "Docker",
      `${docker.version} at ${docker.context}`,
      `Pulumi asks another engine than the command docker. Name the same one to both: export DOCKER_HOST=${docker.context}`,
    );
  }
  return ok("Docker", docker.version);
}

function dockerThere(server: Server): ReturnType<Judgement> {
  const { docker, packages } = server;
  if (docker.snap)
    return problem(
      "Docker",
      `${docker.version ?? ""} from snap`.trim(),
      `A second engine would be installed beside it. ${NEEDED.replace("Remove it", "snap remove docker")}`,
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
    const found = `installed, but no engine answers: ${lastLine(docker.refuses) || "no command docker"}`;
    if (/permission denied/i.test(docker.refuses))
      return warning("Docker", found, "The account is let into the group docker by the first deployment.");
    return problem("Docker", found, "Its journal says why it does not start: journalctl -u docker -n 50");
  }
  const found = `${docker.version} (${originOf(server)})`;
  const [major = "0", minor = "0"] = docker.version.split(".");
  if (Number(`${major}.${minor.padStart(2, "0")}`) >= OLDEST) return ok("Docker", found);
  return problem("Docker", found, "Upgrade Docker to 20.10 or later.");
}

function originOf({ docker, packages }: Server): string {
  if (docker.snap) return "snap";
  const [name] = Object.keys(packages).filter((one) => one !== "podman-docker");
  if (name === "docker-ce") return "docker-ce, of Docker's own packages";
  return name ? `${name}, of the distribution` : "not from a package that is known";
}

export const swarm: Judgement = ({ server }) => {
  if (!server?.docker.version) return undefined;
  const { swarm } = server.docker;
  if (!swarm || swarm === "inactive") return ok("Swarm mode", "off");
  return problem(
    "Swarm mode",
    swarm,
    "An engine in Swarm mode does not start with live-restore, which a deployment sets, and all other applications on it would be down. Leave the swarm (docker swarm leave --force) or use another server.",
  );
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
