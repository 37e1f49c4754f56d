import * as checks from "../../../remote/server/checks/docker.mts";
import * as engine from "../../../remote/server/checks/engine-settings.mts";
import { type Judgement, ok, problem, skipped } from "../check.mts";
import type { Server } from "../facts.mts";
import { onServer, targetOf } from "../target.mts";

const DEFAULT_SOCKET = "unix:///var/run/docker.sock";

export const docker: Judgement = (facts) => {
  if (!facts.server) return skipped("Docker", "the server is not reachable");
  if (facts.connection.kind === "local") return localDocker(facts.server, facts.stack);
  return checks.docker(facts.server, targetOf(facts));
};

export const swarm: Judgement = (facts) => facts.server && checks.swarm(facts.server, targetOf(facts));
export const daemonJson = onServer("daemon.json", engine.daemonJson);

export const engineSettings: Judgement = (facts) =>
  facts.connection.kind === "connected" ? onServer("engine settings", engine.leftOut)(facts) : undefined;

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

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
