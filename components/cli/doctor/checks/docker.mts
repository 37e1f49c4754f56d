import * as checks from "../../../remote/server/checks/docker.mts";
import * as engine from "../../../remote/server/checks/engine-settings.mts";
import { type Judgement, ok, problem, skipped } from "../check.mts";
import type { Server } from "../facts.mts";
import { areSeveral } from "../servers.mts";
import { onServer, targetOf } from "../target.mts";

export const docker: Judgement = (facts) => {
  if (!facts.server) return skipped("Docker", "the server is not reachable");
  if (facts.connection.kind === "local") return localDocker(facts.server, facts.stack);
  return checks.docker(facts.server, targetOf(facts));
};

export const swarm: Judgement = (facts) =>
  facts.server && !areSeveral(facts.settings) ? checks.swarm(facts.server, targetOf(facts)) : undefined;
export const daemonJson = onServer("daemon.json", engine.daemonJson);

export const engineSettings: Judgement = (facts) =>
  facts.connection.kind === "connected" ? onServer("engine settings", engine.leftOut)(facts) : undefined;

function localDocker({ docker }: Server, stack: string): ReturnType<Judgement> {
  const start = `Start it (sudo systemctl start docker, or Docker Desktop), or name a server: pulumi config set serverHost … --stack ${stack}`;
  if (!docker.version) return problem("Docker", lastLine(docker.error) || "not installed", start);
  // A deployment uses the engine of the command docker (host/local-engine.ts).
  return ok(
    "Docker",
    `${docker.version}${docker.rootless ? ", rootless" : ""} at ${docker.context || "its default socket"}`,
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
