import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { docker, run } from "./docker";
import { ours } from "./left-over";

/** Where Docker on a server keeps everything. */
export const DISK = "/var/lib/docker";

/** What images of servers that have been in use are called, and how their disks' names begin. */
export const USED = "berth-test-used-server";

/** What decides what the first deployment of any project downloads and builds, */
const COMMON_SOURCES = ["test/servers/Dockerfile", "components/data/backups/Dockerfile"];

/** and of each. */
const SOURCES = {
  ".": ["backend/Dockerfile", "backend/requirements.txt", "nginx/Dockerfile"],
  "examples/antone": ["app/Dockerfile", "app/packages/dashboard/Dockerfile", "app/pnpm-lock.yaml", "nginx/Dockerfile"],
  "examples/devportal": ["backend/Dockerfile", "backend/requirements.txt", "nginx/Dockerfile"],
  "examples/seculite": [
    ...["backend/Dockerfile", "backend/poetry.lock", "frontend/Dockerfile", "frontend/package-lock.json"],
  ],
};

/** Folder of a project that servers have been used by; "." is Mail Tracker's. */
export type UsedBy = keyof typeof SOURCES;

/** The image of a server as a provider hands it out, built if its Dockerfile changed since. */
export async function bareImage(): Promise<string> {
  const dockerfile = await readFile(join(__dirname, "Dockerfile"), "utf8");
  const tag = `berth-test-server:${fingerprint(dockerfile)}`;
  if ((await docker("images", "--quiet", tag)) === "") {
    await run("docker", ["build", "--quiet", "--tag", tag, "-"], dockerfile);
  }
  return tag;
}

/** The image of a server that a project was deployed to and destroyed again; its disk is the volume of the same name. Made by use.ts. */
export async function usedImage(project: UsedBy): Promise<string> {
  const files = [...COMMON_SOURCES, ...SOURCES[project].map((file) => join(project, file))];
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return `${USED}:${basename(project).replace(".", "mailtracker")}-${fingerprint(sources.join())}`;
}

/** The name of the volume that goes with such an image. */
export function diskOf(image: string): string {
  return image.replace(":", "-");
}

/**
 * Gives a container that is not started yet the disk of a server that has been in use. Layers of images are never written to, so
 * they are linked where that can be done, which takes two seconds instead of twenty. To be called once it is started: what it gives.
 */
export async function fillDisk(container: string, image: string): Promise<() => Promise<unknown>> {
  const mount = `{{range .Mounts}}{{if eq .Destination "${DISK}"}}{{.Name}}{{end}}{{end}}`;
  const [root, disk] = await Promise.all([
    docker("info", "--format", "{{.DockerRootDir}}"),
    docker("inspect", "--format", mount, container),
  ]);
  const filler = `${container}-filler`;
  await docker(
    // Layers have attributes only the kernel's administrator may set. A disk in memory is there while somebody uses it.
    ...["run", "--detach", "--name", filler, "--network", "none", "--cap-add", "SYS_ADMIN", ...ours],
    ...["--volume", `${root}/volumes:/volumes`, "--volumes-from", container],
    ...[await bareImage(), "sleep", "600"],
  );
  const away = () => docker("rm", "--force", filler);
  try {
    await docker("exec", filler, "sh", "-c", FILL, "sh", `/volumes/${diskOf(image)}/_data`, `/volumes/${disk}/_data`);
  } catch (error) {
    await away();
    throw error;
  }
  return away;
}

const FILL = `
cd "$1" || exit
link=--link
[ "$(stat -c %d .)" = "$(stat -c %d "$2")" ] || link=""
for name in *; do
  if [ "$name" = overlay2 ]; then cp -a $link overlay2 "$2"; else cp -a "$name" "$2"; fi || exit
done`;

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
