import { type Refusal, refusalIn } from "../../../model/ssh-answer.ts";
import * as access from "../../../remote/server/checks/access.mts";
import { type Judgement, ok, problem, skipped } from "../check.mts";
import { targetOf } from "../target.mts";

/** Errors that occur only after ssh has verified the host key. */
const AFTER_HOST_KEY: Refusal["kind"][] = ["permission", "key file", "no shell"];

export const hostKey: Judgement = ({ connection, settings, stack }) => {
  const server = `${settings.values["serverHost"]}`;
  if (connection.kind === "local") return skipped("host key", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("host key", "serverHostKey is not set");
  if (connection.kind === "connected") return ok("host key", "matches serverHostKey");
  const { kind, advice } = refusalIn(connection.stderr, { server, stack });
  if (kind === "host key") return problem("host key", `the host key of ${server} does not match serverHostKey`, advice);
  if (!AFTER_HOST_KEY.includes(kind)) return skipped("host key", "the server is not reachable");
  return ok("host key", "matches serverHostKey");
};

export const signIn: Judgement = ({ connection, settings, stack }) => {
  const { serverUser, serverHost, serverPort } = settings.values;
  const where = `${serverUser}@${serverHost}:${serverPort}`;
  if (connection.kind === "local") return skipped("sign-in", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("sign-in", "serverHostKey is not set");
  if (connection.kind === "connected") return ok("sign-in", where);
  const { kind, advice } = refusalIn(connection.stderr, { server: where, stack });
  if (kind === "host key") return skipped("sign-in", "the host key does not match");
  return problem("sign-in", `${where}: ${lastLine(connection.stderr) || "no answer"}`, advice);
};

export const shell: Judgement = (facts) =>
  facts.server && facts.connection.kind === "connected" ? access.shell(facts.server, targetOf(facts)) : undefined;

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
