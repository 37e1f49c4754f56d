import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { docker, run } from "./docker";

/** Where Docker on a server keeps everything. */
export const DISK = "/var/lib/docker";

/** What decides what a stack's first deployment downloads and builds. */
const SOURCES = [
  "test/servers/Dockerfile",
  "backend/Dockerfile",
  "backend/requirements.txt",
  "nginx/Dockerfile",
  "components/data/backups/Dockerfile",
];

/** The image of a server as a provider hands it out, built if its Dockerfile changed since. */
export async function bareImage(): Promise<string> {
  const dockerfile = await readFile(join(__dirname, "Dockerfile"), "utf8");
  const tag = `berth-test-server:${fingerprint(dockerfile)}`;
  if ((await docker("images", "--quiet", tag)) === "") {
    await run("docker", ["build", "--quiet", "--tag", tag, "-"], dockerfile);
  }
  return tag;
}

/** The image of a server that has been in use; its disk is the volume of the same name. Made by use.ts. */
export async function usedImage(): Promise<string> {
  const sources = await Promise.all(SOURCES.map((file) => readFile(file, "utf8")));
  return `berth-test-used-server:${fingerprint(sources.join())}`;
}

/** The name of the volume that goes with such an image. */
export function diskOf(image: string): string {
  return image.replace(":", "-");
}

/**
 * Gives a container that is not started yet the disk of a server that has been in use. Layers of images are never written to, so
 * they are linked, which takes two seconds instead of twenty.
 */
export async function fillDisk(container: string): Promise<void> {
  const mount = `{{range .Mounts}}{{if eq .Destination "${DISK}"}}{{.Name}}{{end}}{{end}}`;
  const [root, disk] = await Promise.all([
    docker("info", "--format", "{{.DockerRootDir}}"),
    docker("inspect", "--format", mount, container),
  ]);
  const script =
    'cd "$1" && for name in *; do if [ "$name" = overlay2 ]; then cp -al overlay2 "$2"; else cp -a "$name" "$2"; fi || exit 1; done';
  await docker(
    // Layers have attributes only the kernel's administrator may set.
    ...["run", "--rm", "--network", "none", "--cap-add", "SYS_ADMIN", "--volume", `${root}/volumes:/volumes`],
    ...[await bareImage(), "sh", "-c", script, "sh"],
    ...[diskOf(await usedImage()), disk].map((name) => `/volumes/${name}/_data`),
  );
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
