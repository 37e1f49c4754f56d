import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { docker, run } from "./docker";
import { dockerfileFor, type EngineRelease } from "./engines";
import { testLabel } from "./stale-containers";

/** Docker's data folder on a server. */
export const DISK = "/var/lib/docker";

/** Repository of the images of warm servers, and prefix of their disks' names. */
export const USED = "berth-test-used-server";

/** The files that determine what any project's first deployment downloads and builds, */
const COMMON_SOURCES = ["test/servers/Dockerfile", "components/data/backups/Dockerfile"];

/** and those of each project. */
const SOURCES = {
  ".": ["backend/Dockerfile", "backend/requirements.txt", "nginx/Dockerfile"],
  "examples/antone": ["app/Dockerfile", "app/packages/dashboard/Dockerfile", "app/pnpm-lock.yaml", "nginx/Dockerfile"],
  "examples/devportal": ["backend/Dockerfile", "backend/requirements.txt", "nginx/Dockerfile"],
  "examples/seculite": [
    ...["backend/Dockerfile", "backend/poetry.lock", "frontend/Dockerfile", "frontend/package-lock.json"],
  ],
};

/** Folder of the project a warm server was deployed with; "." is Mail Tracker. */
export type ProjectFolder = keyof typeof SOURCES;

/** The image of a bare server as from a hosting provider, rebuilt when its Dockerfile changes. */
export async function bareImage(engine: EngineRelease = "bookworm"): Promise<string> {
  const dockerfile = dockerfileFor(engine, await readFile(join(__dirname, "Dockerfile"), "utf8"));
  const tag = `berth-test-server:${fingerprint(dockerfile)}`;
  if ((await docker("images", "--quiet", tag)) === "") {
    await run("docker", ["build", "--quiet", "--tag", tag, "-"], dockerfile);
  }
  return tag;
}

/**
 * The image of a warm server, to which a project was deployed and destroyed again; its disk is the volume with the same
 * name. Created by global-setup.ts.
 */
export async function warmImage(project: ProjectFolder): Promise<string> {
  const files = [...COMMON_SOURCES, ...SOURCES[project].map((file) => join(project, file))];
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return `${USED}:${basename(project).replace(".", "mailtracker")}-${fingerprint(sources.join())}`;
}

/** The name of the volume of such an image. */
export function diskOf(image: string): string {
  return image.replace(":", "-");
}

/**
 * Gives a created container the disk of a warm server. Image layers are never written to, so they are hard-linked where
 * possible, which takes two seconds instead of twenty. Call the returned function after the container has started.
 */
export async function fillDisk(container: string, image: string): Promise<() => Promise<unknown>> {
  const mount = `{{range .Mounts}}{{if eq .Destination "${DISK}"}}{{.Name}}{{end}}{{end}}`;
  const [root, disk] = await Promise.all([
    docker("info", "--format", "{{.DockerRootDir}}"),
    docker("inspect", "--format", mount, container),
  ]);
  const filler = `${container}-filler`;
  await docker(
    // Only a privileged process may set the layers' attributes. A disk in memory exists only while it is mounted.
    ...["run", "--detach", "--name", filler, "--network", "none", "--cap-add", "SYS_ADMIN", ...testLabel],
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
