import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** File with the settings of all preview environments of a project, and the block `preview`. */
export const TEMPLATE = "Pulumi.preview.yaml";

/** Whether a folder has a template. Without the block, the file belongs to an ordinary stack called preview. */
export function hasTemplate(folder: string): boolean {
  const file = join(folder, TEMPLATE);
  return existsSync(file) && /^preview:/m.test(readFileSync(file, "utf8"));
}
