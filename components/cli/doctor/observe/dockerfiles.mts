import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseImages } from "../../../build/dockerfile.ts";

const DEPTH = 2;

/** Base images in the project's Dockerfiles. Skips build stages and projects in subfolders. */
export function baseImagesOf(folder: string): string[] {
  const images = dockerfilesIn(folder, DEPTH).flatMap((file) => baseImages(readFileSync(file, "utf8")));
  return [...new Set(images)].sort();
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
