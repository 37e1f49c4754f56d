import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a shell script from the folder `scripts` beside a module: `scriptBeside(__dirname, "ensure-ownership.sh")`. */
export function scriptBeside(folder: string, file: string): string {
  return readFileSync(join(folder, "scripts", file), "utf8");
}
