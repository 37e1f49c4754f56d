import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DEPTH = 2;
const FROM = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim;

/** Base images in the project's Dockerfiles. Skips build stages and projects in subfolders. */
export function baseImagesOf(folder: string): string[] {
  const images = dockerfilesIn(folder, DEPTH).flatMap((file) => baseImagesIn(readFileSync(file, "utf8")));
  return [...new Set(images)].sort();
}

export function baseImagesIn(dockerfile: string): string[] {
  const stages = [...dockerfile.matchAll(FROM)];
  const names = new Set(stages.map(([, , stage = ""]) => stage.toLowerCase()));
  // Only the build knows the value of a name that contains an argument.
  return stages
    .map(([, image = ""]) => image)
    .filter((image) => image !== "scratch" && !image.includes("$") && !names.has(image.toLowerCase()))
    .map((image) => (/[:@][^/]*$/.test(image) ? image : `${image}:latest`));
}

function dockerfilesIn(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return /^(.+\.)?Dockerfile$/.test(entry.name) ? [path] : [];
    const other = entry.name.startsWith(".") || ["node_modules", "test"].includes(entry.name);
    if (!entry.isDirectory() || other || depth === 0 || existsSync(join(path, "Pulumi.yaml"))) return [];
    return dockerfilesIn(path, depth - 1);
  });
}
