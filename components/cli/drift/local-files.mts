import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { posix } from "node:path";
import { Parser } from "tar";

/**
 * Reads the files of containers on this machine, as `files()` of look.sh does on a server. On a server, the contents must not
 * leave it; here, GNU tar may be missing.
 * @param questions lines for look.sh: `files <container> <folder> <name>…`; others are ignored.
 * @returns lines as look.sh prints them.
 */
export async function localFiles(questions: string): Promise<string> {
  const requests = questions.split("\n").filter((line) => line.startsWith(FILES));
  const lines = await Promise.all(requests.map((line) => filesIn(line.slice(FILES.length).split(" "))));
  return lines.flat().join("");
}

/** Begins a question for files. */
export const FILES = "files ";

async function filesIn([container = "", folder = "", ...names]: string[]): Promise<string[]> {
  const parent = posix.dirname(folder).replace(/\/$/, "");
  const paths = names.map((name) => posix.join(posix.basename(folder), name));
  const lines: string[] = [];
  const parser = new Parser({
    filter: (path, entry) => paths.includes(path) && "type" in entry && entry.type === "File",
    onReadEntry: (entry) => {
      const { path, mode = 0, uid = 0, gid = 0 } = entry;
      const hash = createHash("sha256");
      entry.on("data", (chunk) => hash.update(chunk));
      entry.on("end", () => {
        const permissions = (mode & 0o7777).toString(8);
        lines.push(`file ${container} ${hash.digest("hex")}  - ${permissions} ${uid}:${gid} ${parent}/${path}\n`);
      });
    },
  });
  // A container or folder that does not exist gives no archive, and so no lines.
  const { stdout } = spawn("docker", ["cp", `${container}:${folder}`, "-"], { stdio: ["ignore", "pipe", "ignore"] });
  stdout.pipe(parser);
  await once(parser, "end");
  return lines;
}
