import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";

const SCRIPT = withPreamble(
  ["expected-files.sh", "in-image.sh", "commands-exist.sh"]
    .map((file) => readFileSync(join("components/app/scripts", file), "utf8"))
    .join(""),
);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-commands-"));
  file("bin/docker", DOCKER, 0o755);
  for (const program of ["/usr/bin/node", "/usr/bin/celery", "/app/entrypoint.sh"]) inImage(program, 0o755);
  inImage("/app/dist/main.js", 0o644);
  inImage("/app/plain", 0o644);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A Docker stub with images of several processors, whose files are in a folder. */
const DOCKER = `#!/bin/sh
root=$(dirname "$0")/../image
case "$1 $2" in
  "version --format") echo linux/amd64 ;;
  "image inspect")
    case $5 in app:1) on=amd64 ;; app:386) on=386 ;; app:arm) on=arm64 ;; *) exit 1 ;; esac
    printf "linux/$on|/app||node dist/main.js\\nPATH=/usr/bin\\n" ;;
  "create "*) echo made ;;
  "cp "*) path=\${3#*:}; [ -e "$root$path" ] && tar -C "$root$(dirname "$path")" -cf - "$(basename "$path")" ;;
esac
`;

function file(path: string, content: string, mode: number): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), mode);
}

function inImage(path: string, mode: number): void {
  file(join("image", path), "", mode);
}

/** The finding for a container with the given line: image|entrypoint|command|folder|given. */
function findingFor(line: string): string {
  const { exitCode, stderr } = execaSync("sh", ["-c", SCRIPT, "sh", "project", "stack"], {
    input: `f1|service-1|${line}\n`,
    reject: false,
    env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` },
  });
  expect(exitCode).toBe(stderr === "" ? 0 : 1);
  return stderr.trim().split("\n")[0] ?? "";
}

test.each([
  ["the image's own command", "app:1|=|=|=|"],
  ["a program on PATH", "app:1|=|celery worker|=|"],
  ["a program for 32 bits", "app:386|=|celery worker|=|"],
  ["a file in another folder", "app:1|=|node main.js|/app/dist|"],
  ["a program that comes with the container", "app:1|=|/srv/tool run|=|/srv"],
  ["what is no file for certain", "app:1|=|node --eval ?|=|"],
  ["a word of a starting script, which may mean anything", "app:1|/app/entrypoint.sh|serve|=|"],
])("%s exists", (_, line) => {
  expect(findingFor(line)).toBe("");
});

test.each([
  [
    "image for the server's processor",
    "app:arm|=|=|=|",
    'Service service-1: its image app:arm is for linux/arm64, but the server\'s engine is linux/amd64. Build it with platform: "linux/amd64".',
  ],
  ["an image", "other:1|=|=|=|", "Service service-1: its image other:1 does not exist on the server."],
  ["a program on PATH", "app:1|=|gunicornn app|=|", "Service service-1: its image app:1 has no program gunicornn."],
  ["a program by its path", "app:1|/app/start|=|=|", "Service service-1: its image app:1 has no program /app/start."],
  [
    "the right to run it",
    "app:1|=|/app/plain|=|",
    "Service service-1: its image app:1 has no executable program /app/plain.",
  ],
  [
    "the file an interpreter is to read",
    "app:1|=|node --enable-source-maps dist/worker.js|=|",
    "Service service-1: its image app:1 has no file dist/worker.js in /app.",
  ],
  [
    "what a starting script hands over to",
    "app:1|/app/entrypoint.sh|node dist/worker.js|=|",
    "Service service-1: its image app:1 has no file dist/worker.js in /app.",
  ],
])("a missing %s is reported with its service and image", (_, line, problem) => {
  expect(findingFor(line)).toBe(problem);
});
