import { userInfo } from "node:os";
import { git } from "./git.mts";

/** Variables in which GitHub Actions and GitLab CI name the person who started the run. */
const OF_CI = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "GITLAB_USER_NAME"];
const LONGEST = 100;

/** The person who deploys: the one that CI names, else git's user.name in the folder, else the account of this machine. */
export function actorIn(folder: string, environment: NodeJS.ProcessEnv = process.env): string {
  const names = [...OF_CI.map((name) => environment[name]), git(folder, "config", "user.name"), account(environment)];
  return names.map(oneLine).find((name) => name !== "") ?? "";
}

/** The account has no name in a container whose user is not in /etc/passwd. */
function account(environment: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return environment["USER"] ?? `uid ${process.getuid?.()}`;
  }
}

/** A name as part of one line of text. */
function oneLine(name = ""): string {
  return name
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}
