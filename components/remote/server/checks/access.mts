import { ok, problem, warning } from "../check.mts";
import type { Server } from "../facts.mts";
import type { ServerCheck } from "./target.mts";

export const sudo: ServerCheck = (server, { stack }) => {
  const { sudo, sudoError, account } = server;
  if (sudo === "root") return ok("sudo", "the account is root");
  if (sudo === "sudo") return ok("sudo", "without a password");
  if (sudo === "password") return ok("sudo", "with a password, which berth up asks for once on a terminal");
  if (usedAsItIs(server)) {
    return warning(
      "sudo",
      `the account ${account} may use Docker, but not sudo without a password`,
      `Berth deploys, but cannot check or change Docker's configuration, its start after a reboot and sshd's limits. To have them set, deploy once with npx berth up --stack ${stack} on a terminal as an account that may use sudo.`,
    );
  }
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
    `${/password/.test(sudoError) ? `Run npx berth up --stack ${stack} on a terminal, which asks for the password once and prepares the server. Or as` : "As"} root on the server: ${install}echo '${account} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/berth; or sign in as root: pulumi config set serverUser root --stack ${stack}`,
  );
};

/** Whether sudo lacks nothing but a password, as far as it says. It asks accounts that may not use it too. */
export function asksForPassword({ sudo, sudoError }: Server): boolean {
  return sudo === "none" && /password/.test(sudoError);
}

/** Whether the account may use Docker through its group only, so that Berth leaves the server as it is. */
export function usedAsItIs({ sudo, docker }: Server): boolean {
  return sudo === "none" && docker.version !== undefined;
}

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
