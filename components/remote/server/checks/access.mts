import { ok, problem, warning } from "../check.mts";
import type { ServerCheck } from "./target.mts";

export const sudo: ServerCheck = ({ sudo, sudoError, account }, { stack }) => {
  if (sudo === "root") return ok("sudo", "the account is root");
  if (sudo === "sudo") return ok("sudo", "without a password");
  if (/must have a tty|requiretty|no tty present/.test(sudoError) && !/password/.test(sudoError)) {
    return problem(
      "sudo",
      "sudo requires a terminal (requiretty)",
      `As root on the server: echo 'Defaults:${account} !requiretty' > /etc/sudoers.d/berth-tty`,
    );
  }
  const install = sudoError.includes("not installed") ? "apt-get install sudo && " : "";
  const found = /password/.test(sudoError) ? `the account ${account} may not use sudo without a password` : sudoError;
  return problem(
    "sudo",
    found || `the account ${account} cannot use sudo`,
    // sudo ignores files whose names contain a dot, as those of accounts may.
    `As root on the server: ${install}echo '${account} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/berth; or sign in as root: pulumi config set serverUser root --stack ${stack}`,
  );
};

export const account: ServerCheck = ({ account, inPasswd }) =>
  ok("account", inPasswd ? account : `${account}, of a directory (LDAP, OS Login)`);

/** Any login shell works: Berth quotes its commands for all of them (loginShellLine). */
export const shell: ServerCheck = ({ shell, loginOutput }) => {
  if (loginOutput === "") return ok("login shell", shell);
  return warning(
    "login shell",
    `prints "${lastLine(loginOutput).slice(0, 60)}" at each sign-in`,
    "Docker over SSH takes this output for an answer. Print in interactive shells only: guard the command with [ -t 1 ], or move it below the line of ~/.bashrc that returns for non-interactive shells.",
  );
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
