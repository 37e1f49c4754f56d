// Updates the files generated from the settings of the project in this folder; with --check, fails where one is stale.
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generated } from "./generated.ts";

const check = process.argv.includes("--check");
const stale = (await generated(process.cwd())).filter((file) => file.stale);

for (const { path, content } of stale) {
  if (!check) writeFileSync(path, content);
  console.log(`${path} ${check ? "is stale: it does not match the declared settings" : "updated"}`);
}
if (check && stale.length > 0) {
  console.error(`To update it: node ${relative("", fileURLToPath(import.meta.url))}`);
  process.exitCode = 1;
}
