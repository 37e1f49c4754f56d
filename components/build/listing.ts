import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { addContent } from "./context.ts";

/** Files by their lines in a listing, as listing.sh prints it on the server: `<mode> <fingerprint> <path>`. */
export type Listing = Map<string, string>;

/** Lists files of a folder, without symbolic links. */
export function listingOf(folder: string, files: string[]): Listing {
  const regular = files.filter((file) => lstatSync(join(folder, file)).isFile());
  return new Map(regular.map((file) => [lineOf(folder, file), file]));
}

/** Fingerprint of a listing. */
export function listingHash(listing: Listing): string {
  const lines = [...listing.keys()].map((line) => Buffer.from(`${line}\n`)).sort(Buffer.compare);
  return createHash("sha256").update(Buffer.concat(lines)).digest("hex");
}

/** The mode that a file has in an image, whatever the umask of the checkout was. */
export function imageMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

function lineOf(folder: string, file: string): string {
  if (/[\r\n]/.test(file)) {
    throw new Problem(`The name of ${JSON.stringify(join(folder, file))} has a line break. Rename the file.`);
  }
  const path = join(folder, file);
  const mode = imageMode(lstatSync(path).mode).toString(8);
  const fingerprint = addContent(createHash("sha256"), path).digest("hex").slice(0, 16);
  // sha256sum marks and doubles backslashes.
  const name = file.includes("\\") ? `\\${file.replaceAll("\\", "\\\\")}` : file;
  return `${mode} ${fingerprint} ${name}`;
}
