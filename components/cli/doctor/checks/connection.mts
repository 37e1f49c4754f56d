import { type Refusal, refusalIn } from "../../../model/ssh-answer.ts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

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

export const shell: Judgement = ({ server, connection }) => {
  if (!server || connection.kind !== "connected") return undefined;
  const program = server.shell.split("/").at(-1) ?? "";
  if (server.loginOutput !== "") {
    return warning(
      "login shell",
      `prints "${lastLine(server.loginOutput).slice(0, 60)}" at each sign-in`,
      "Docker over SSH takes this output for an answer. Print in interactive shells only: guard the command with [ -t 1 ], or move it below the line of ~/.bashrc that returns for non-interactive shells.",
    );
  }
  if (program === "fish") {
    return warning(
      "login shell",
      server.shell,
      `fish interprets quoted backslashes differently from a POSIX shell, which can alter settings. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  if (program === "csh" || program === "tcsh") {
    return problem(
      "login shell",
      server.shell,
      `${program} cannot read quoted text that spans lines. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  return ok("login shell", server.shell);
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
