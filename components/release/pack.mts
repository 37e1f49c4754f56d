// Packs the sources of a release for the server. release.ts runs it with this machine's Node.js.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { Header, Pack, ReadEntry } from "tar";
import { splitOutput } from "../remote/output.mts";
import { actorIn } from "./actor.mts";
import { git } from "./git.mts";
import { receivedBy } from "./received.ts";

/** `berth rollback` writes this file beside the sources of an earlier release, as git does not know their commit. */
const ORIGIN = "release.origin";

/** Reads two manifests from standard input and prints the pack. */
export async function pack(): Promise<void> {
  process.stdout.write(await packRelease(".", await text(process.stdin)));
}

/**
 * A line with the origin of the sources (lines `key=value`, in base64), followed by a compressed tar archive with the manifest, the
 * files that the server lacks, and a list of those that a build has sent to it. The input is the output of newest-manifest.sh, an empty
 * line, and the manifest of the folder.
 */
export async function packRelease(folder: string, input: string): Promise<Buffer> {
  const { all, known, changed } = compareManifests(input);
  const origin = Buffer.from(originOf(folder)).toString("base64");
  const received = receivedBy(known, folder, changed);
  const missing = changed.filter((file) => !received.has(file));
  const entries = [entry("release.manifest", all)];
  if (received.size > 0) entries.push(entry("release.received", [...received.values()].join("")));
  return Buffer.concat([Buffer.from(`${origin}\n`), await archive(folder, missing, entries)]);
}

/** The folder's manifest, the lines that the server printed, and the files that are missing or different in its newest release. */
function compareManifests(input: string): { all: string; known: string[]; changed: string[] } {
  const lines = splitOutput(input).output.split("\n");
  const end = lines.indexOf("");
  const known = lines.slice(0, end);
  const serverLines = new Set(known);
  const folderLines = lines.slice(end + 1).filter((line) => line !== "");
  const changed = folderLines.filter((line) => !serverLines.has(line)).map((line) => line.slice(line.indexOf(" ") + 1));
  return { all: folderLines.map((line) => `${line}\n`).join(""), known, changed };
}

function archive(folder: string, files: string[], entries: ReadEntry[]): Promise<Buffer> {
  // `portable` omits the owners of files.
  const tarPack = new Pack({ cwd: folder, gzip: true, portable: true, prefix: "release" });
  for (const file of files) tarPack.add(file);
  for (const one of entries) tarPack.add(one);
  tarPack.end();
  return buffer(tarPack);
}

function entry(path: string, content: string): ReadEntry {
  const bytes = Buffer.from(content);
  const readEntry = new ReadEntry(
    new Header({ path, mode: 0o644, size: bytes.length, type: "File", mtime: new Date() }),
  );
  readEntry.end(bytes);
  return readEntry;
}

/** Lines `by=` with the person who deploys, `commit=`, `subject=` and, if files differ from the commit, `edited=true`. */
function originOf(folder: string): string {
  return `by=${actorIn(folder)}\n${sourceOf(folder)}`;
}

/** The commit of the sources; empty outside a repository. */
function sourceOf(folder: string): string {
  const file = join(folder, ORIGIN);
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll(/^image\..*\n?/gm, "");
  const commit = git(folder, "rev-parse", "--verify", "--quiet", "HEAD");
  if (commit === "") return commitOfCi();
  const edited = git(folder, "status", "--porcelain", "--", ".") !== "";
  const subject = git(folder, "log", "-1", "--format=%s");
  return `commit=${commit}\nsubject=${subject}\n${edited ? "edited=true\n" : ""}`;
}

/** The commit that CI names, where the clone has no `.git` or the image no git. */
function commitOfCi(): string {
  const commit = process.env["GITHUB_SHA"] || process.env["CI_COMMIT_SHA"] || "";
  return commit === "" ? "" : `commit=${commit}\nsubject=${process.env["CI_COMMIT_TITLE"] ?? ""}\n`;
}
