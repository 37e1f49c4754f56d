// Packs the npm package: node package.mts [folder] writes berth-<version>.tgz there, dist by default, and prints its
// path. Compiled, with types, scripts and everything it needs besides its dependencies.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const REPOSITORY = join(import.meta.dirname, "..");
const SOURCES = join(REPOSITORY, "components");
/** `berth init` copies these files unchanged, including TypeScript. */
const TEMPLATE = join("cli", "init", "template");

const target = resolve(process.argv[2] ?? join(REPOSITORY, "dist"));
const staged = join(target, "berth");
rmSync(staged, { recursive: true, force: true });
compile();
copyRest();
cpSync(join(SOURCES, TEMPLATE), join(staged, TEMPLATE), { recursive: true });
for (const manifest of ["package.json", "policy/package.json"]) rewrite(manifest);
copyFileSync(join(REPOSITORY, "LICENSE"), join(staged, "LICENSE"));
// npm sets the mode of `bin` programs only when it packs from a repository.
chmodSync(join(staged, "cli", "bin.js"), 0o755);
console.log(join(target, npm("pack", "--silent", "--pack-destination", target, staged).trim()));
rmSync(staged, { recursive: true });

function compile(): void {
  const compiler = join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
  const words = [compiler, "--project", join(SOURCES, "tsconfig.json"), "--outDir", staged];
  execFileSync(process.execPath, words, { stdio: ["ignore", 2, 2] });
}

/** The files that the compiler does not copy. */
function copyRest(): void {
  for (const entry of readdirSync(SOURCES, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name).slice(SOURCES.length + 1);
    const isSource = /\.m?ts$/.test(file) || file === "tsconfig.json" || file.split("/").includes("node_modules");
    if (!entry.isFile() || isSource || file.startsWith(TEMPLATE)) continue;
    mkdirSync(dirname(join(staged, file)), { recursive: true });
    copyFileSync(join(SOURCES, file), join(staged, file));
  }
}

/** Its entries are JavaScript in the package, and it may be published. */
function rewrite(file: string): void {
  const { private: _, ...manifest } = JSON.parse(readFileSync(join(SOURCES, file), "utf8"));
  const text = JSON.stringify(manifest, null, 2).replaceAll(/\.(m?)ts"/g, '.$1js"');
  const types = file === "package.json" ? { types: "index.d.ts" } : {};
  writeFileSync(join(staged, file), `${JSON.stringify({ ...JSON.parse(text), ...types }, null, 2)}\n`);
}

function npm(...words: string[]): string {
  return execFileSync("npm", words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
