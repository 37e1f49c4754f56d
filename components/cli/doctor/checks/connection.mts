import { type Refusal, refusalIn } from "../../../model/ssh-answer.ts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

/** ssh comes to these only after the host key. */
const BEHIND_HOST_KEY: Refusal["kind"][] = ["permission", "key file", "no shell"];

export const hostKey: Judgement = ({ connection, settings, stack }) => {
  const server = `${settings.values["serverHost"]}`;
  if (connection.kind === "here") return skipped("host key", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("host key", "serverHostKey is not set");
  if (connection.kind === "connected") return ok("host key", "the server shows the pinned one");
  const { kind, advice } = refusalIn(connection.said, { server, stack });
  if (kind === "host key") return problem("host key", `${server} shows another key than serverHostKey`, advice);
  if (!BEHIND_HOST_KEY.includes(kind)) return skipped("host key", "the server was not reached");
  return ok("host key", "the server shows the pinned one");
};

export const signIn: Judgement = ({ connection, settings, stack }) => {
  const { serverUser, serverHost, serverPort } = settings.values;
  const where = `${serverUser}@${serverHost}:${serverPort}`;
  if (connection.kind === "here") return skipped("sign-in", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("sign-in", "serverHostKey is not set");
  if (connection.kind === "connected") return ok("sign-in", where);
  const { kind, advice } = refusalIn(connection.said, { server: where, stack });
  if (kind === "host key") return skipped("sign-in", "another host key");
  return problem("sign-in", `${where}: ${lastLine(connection.said) || "no answer"}`, advice);
};

export const shell: Judgement = ({ server, connection }) => {
  if (!server || connection.kind !== "connected") return undefined;
  const program = server.shell.split("/").at(-1) ?? "";
  if (server.noise !== "") {
    return warning(
      "login shell",
      `it prints "${lastLine(server.noise).slice(0, 60)}" at each sign-in`,
      "Docker over SSH reads that as an answer. Print only in interactive shells: put [ -t 1 ] before it, or below the line of ~/.bashrc that returns when not interactive.",
    );
  }
  if (program === "fish") {
    return warning(
      "login shell",
      server.shell,
      `fish reads quoted backslashes in its own way, so settings may arrive changed. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  if (program === "csh" || program === "tcsh") {
    return problem(
      "login shell",
      server.shell,
      `It cannot read quoted lines. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  return ok("login shell", server.shell);
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
