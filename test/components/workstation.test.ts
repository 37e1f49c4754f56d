import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** The programs that components start on a workstation by name, with the files that start them. */
function programs(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, parentPath } of readdirSync("components", { recursive: true, withFileTypes: true })) {
    if (!/\.m?ts$/.test(name) || parentPath.includes("node_modules") || parentPath.includes("template")) continue;
    const source = readFileSync(join(parentPath, name), "utf8");
    for (const [, program = ""] of source.matchAll(/(?:capture|runAttached|spawn|execFileSync)\(\s*"([^"]+)"/g)) {
      found.set(program, `${parentPath}/${name}`);
    }
  }
  return found;
}

// macOS has no GNU tools, and its bash is of 2007.
test("F51: a workstation needs Node.js, OpenSSH, Pulumi, and ps, which macOS has too", () => {
  const found = programs();
  expect([...found.keys()]).toContain("pulumi");
  for (const needed of ["pulumi", "ssh", "ssh-add", "ssh-agent", "ssh-keygen", "ssh-keyscan", "ps"])
    found.delete(needed);
  // Where images are built here, a rollback installs packages, or the project is in a repository.
  for (const optional of ["docker", "npm", "git"]) found.delete(optional);
  expect([...found]).toEqual([]);
});

test("F51: the shell functions that run on a workstation are POSIX, without options of GNU", () => {
  const source = readFileSync("components/host/scripts/step.sh", "utf8");
  expect(source).not.toMatch(/\[\[|mapfile|<\(|\blocal\b|\bsed -i|\bdate -d|--\w+/);
});
