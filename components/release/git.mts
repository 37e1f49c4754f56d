import { execFileSync } from "node:child_process";

/**
 * Output of git in a folder; empty if git is not installed or the folder is not in a repository. In CI, the clone often belongs to
 * another account than the one that runs in the container. git refuses such a clone for the programs it may name; Berth runs the clone's
 * program anyway.
 */
export function git(folder: string, ...words: string[]): string {
  try {
    return execFileSync("git", ["-c", "safe.directory=*", ...words], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
