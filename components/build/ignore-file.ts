import { existsSync } from "node:fs";
import { join } from "node:path";

/** The file with the patterns of what a build leaves out, relative to the context: that of the Dockerfile, or else the context's own. */
export function ignoreFileOf(context: string, dockerfile: string): string {
  const own = `${dockerfile}.dockerignore`;
  return existsSync(join(context, own)) ? own : ".dockerignore";
}
