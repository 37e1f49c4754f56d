import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * The folders of components with the folders they import from, including types. Biome finds cycles of single modules.
 */
function imports(): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const { name, parentPath } of readdirSync("components", { recursive: true, withFileTypes: true })) {
    const [, folder] = parentPath.split("/");
    if (!folder || !/\.m?ts$/.test(name) || parentPath.includes("node_modules") || parentPath.includes("template"))
      continue;
    const named = [...readFileSync(`${parentPath}/${name}`, "utf8").matchAll(/from "(\.[^"]+)"/g)]
      .map(([, path = ""]) => join(parentPath, path).split("/")[1] ?? "")
      .filter((other) => other !== folder && !other.includes("."));
    folders.set(folder, new Set([...(folders.get(folder) ?? []), ...named]));
  }
  return folders;
}

test("the folders of components import each other in one direction only", () => {
  const folders = imports();
  expect(folders.get("stack")).toContain("host");
  expect(folders.get("policy")).toContain("model");
  // Removes folders without remaining imports, until only cycles are left.
  for (const _ of [...folders]) {
    for (const [folder, needed] of folders) {
      if (![...needed].some((other) => folders.has(other))) folders.delete(folder);
    }
  }
  expect([...folders.keys()]).toEqual([]);
});
