import { createHmac } from "node:crypto";
import { posix } from "node:path";
import { createTar, type TarFileAttrs } from "nanotar";

/** Files by their path in a container. */
export type Files = Record<string, string>;

/** Folders of the files, sorted. */
export function foldersOf(files: Files | Record<string, unknown>): string[] {
  return [...new Set(Object.keys(files).map((path) => posix.dirname(path)))].sort();
}

/**
 * Packs files for the gate's script: one line a folder, with its path and a tar archive in base64.
 * Only `owner`, a numeric `uid:gid`, can read them (0400). Deterministic: equal files give equal text.
 */
export function packFiles(files: Files, owner: string): string {
  const [uid = 0, gid = 0] = owner.split(":").map(Number);
  const attrs = { mode: "400", uid, gid, mtime: 0 };
  return foldersOf(files)
    .map((folder) => {
      const inside = Object.keys(files).filter((path) => posix.dirname(path) === folder);
      const entries = inside.sort().map((path) => ({ name: posix.basename(path), data: bytes(files[path]), attrs }));
      return `${folder} ${tarArchive(entries).toString("base64")}\n`;
    })
    .join("");
}

/** Packs empty folders in the same form: the gate's script creates them in volumes, where only `owner` can use them (0700). */
export function packFolders(paths: readonly string[], owner: string): string {
  const [uid = 0, gid = 0] = owner.split(":").map(Number);
  const attrs = { mode: "700", uid, gid, mtime: 0 };
  return paths
    .map((path) => `${posix.dirname(path)} ${tarArchive([{ name: posix.basename(path), attrs }]).toString("base64")}\n`)
    .join("");
}

function bytes(content = ""): Uint8Array {
  return new TextEncoder().encode(content);
}

const BLOCK = 512;

/** A tar archive that ends with two empty blocks, without padding to 10 KiB, to keep the state small. */
function tarArchive(entries: { name: string; data?: Uint8Array; attrs: TarFileAttrs }[]): Buffer {
  const blocks = entries.reduce((sum, { data }) => sum + 1 + Math.ceil((data?.length ?? 0) / BLOCK), 2);
  return Buffer.from(createTar(entries)).subarray(0, blocks * BLOCK);
}

/** Keyed fingerprint of files, 16 hexadecimal digits. It reveals nothing of their content without the key. */
export function fingerprintOf(files: Files, key: string): string {
  return createHmac("sha256", key)
    .update(JSON.stringify(Object.entries(files).sort()))
    .digest("hex")
    .slice(0, 16);
}
