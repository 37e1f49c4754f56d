// What a release sends to its server. A Pulumi program has the workstation's Node.js run it (release.ts).
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { Header, Pack, ReadEntry } from "tar";

/** Written beside the sources of an earlier release by a rollback: it knows their commit, git does not. */
const ORIGIN = "release.origin";

/** Reads two manifests from standard input and prints the pack for the server. */
export async function pack(): Promise<void> {
  process.stdout.write(await packed(".", await text(process.stdin)));
}

/**
 * A line with base64 of the lines `key=value` that say where the sources come from; after it, as a compressed tar archive, the files
 * that the server lacks and the manifest of all. The input is the server's manifest, an empty line, and the manifest of the folder.
 */
export async function packed(folder: string, input: string): Promise<Buffer> {
  const { all, changed } = compared(input);
  const origin = Buffer.from(originOf(folder)).toString("base64");
  return Buffer.concat([Buffer.from(`${origin}\n`), await archive(folder, changed, all)]);
}

/** The folder's manifest, and the files that are not in the server's as they are here. */
function compared(input: string): { all: string; changed: string[] } {
  const lines = input.split("\n");
  const end = lines.indexOf("");
  const known = new Set(lines.slice(0, end));
  const here = lines.slice(end + 1).filter((line) => line !== "");
  const changed = here.filter((line) => !known.has(line)).map((line) => line.slice(line.indexOf(" ") + 1));
  return { all: here.map((line) => `${line}\n`).join(""), changed };
}

function archive(folder: string, files: string[], manifest: string): Promise<Buffer> {
  // `portable` leaves out the accounts of this machine.
  const made = new Pack({ cwd: folder, gzip: true, portable: true, prefix: "release" });
  for (const file of files) made.add(file);
  made.add(entry("release.manifest", manifest));
  made.end();
  return buffer(made);
}

function entry(path: string, content: string): ReadEntry {
  const bytes = Buffer.from(content);
  const made = new ReadEntry(new Header({ path, mode: 0o644, size: bytes.length, type: "File", mtime: new Date() }));
  made.end(bytes);
  return made;
}

/** Lines `commit=`, `subject=` and, where files differ from the commit, `edited=true`; nothing outside of a repository. */
function originOf(folder: string): string {
  const file = join(folder, ORIGIN);
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll(/^image\..*\n?/gm, "");
  const commit = git(folder, "rev-parse", "--verify", "--quiet", "HEAD");
  if (commit === "") return "";
  const edited = git(folder, "status", "--porcelain", "--", ".") !== "";
  const subject = git(folder, "log", "-1", "--format=%s");
  return `commit=${commit}\nsubject=${subject}\n${edited ? "edited=true\n" : ""}`;
}

/** What git prints; nothing where it is not installed, or the folder is in no repository. */
function git(folder: string, ...words: string[]): string {
  try {
    return execFileSync("git", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
