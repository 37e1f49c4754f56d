import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOCK_FILE } from "../../model/image-lock.ts";
import { Problem } from "../../model/problem.ts";
import { newestDigests } from "../../remote/registry/digests.mts";
import { hasTemplate } from "../project/template-file.mts";
import { answers, type InitOptions } from "./answers.mts";
import { imagesOfProject, newLock } from "./base-images.mts";
import { workflows } from "./ci.mts";
import { ignoredLines, projectFiles } from "./files.mts";
import { mergedManifest } from "./package-json.mts";

/**
 * Creates a deployable project in the folder, or adds workflows of CI to one that exists.
 *
 * @param look How to look up the digests of base images.
 * @throws Problem before it writes anything.
 */
export async function init(folder: string, options: InitOptions, look = newestDigests): Promise<void> {
  const ci =
    options.ci === undefined ? new Map<string, string>() : workflows(options.ci, { previews: hasTemplate(folder) });
  if (ci.size > 0 && existsSync(join(folder, "Pulumi.yaml"))) return addWorkflows(folder, ci);
  // Checked before the questions, whose answers would otherwise be lost.
  refuseToOverwrite(folder, ["Pulumi.yaml", "index.ts", LOCK_FILE]);
  const project = await answers(folder, options);
  const files = new Map([...projectFiles(project), ...ci]);
  refuseToOverwrite(folder, [...files.keys()]);
  const before = textOf(join(folder, "package.json"));
  const manifest = mergedManifest(before, project.name);
  files.set("package.json", manifest);
  files.set(".gitignore", withLines(textOf(join(folder, ".gitignore")) ?? "", ignoredLines()));
  write(folder, files);
  const lock = await newLock(imagesOfProject(folder, files.get("index.ts") ?? "", project), look);
  if (lock !== undefined) {
    writeFileSync(join(folder, LOCK_FILE), lock);
    files.set(LOCK_FILE, lock);
  }
  console.log(
    `Wrote ${[...files.keys()].sort().join(", ")}\n\n${nextSteps(project.server !== undefined, manifest !== before)}`,
  );
}

/** In a project that exists. */
function addWorkflows(folder: string, files: Map<string, string>): void {
  refuseToOverwrite(folder, [...files.keys()]);
  write(folder, files);
  const previews = hasTemplate(folder) ? " and, for pull requests, on preview environments" : "";
  console.log(
    `Wrote ${[...files.keys()].join(", ")}\n\nThey work on the stack prod${previews}. Each file says which secrets and variables it needs.`,
  );
}

function write(folder: string, files: Map<string, string>): void {
  for (const [file, content] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}

function refuseToOverwrite(folder: string, files: string[]): void {
  const existing = files.filter((file) => existsSync(join(folder, file)));
  if (existing.length === 0) return;
  throw new Problem(
    `There is a project here already; nothing was written. These files would be overwritten: ${existing.join(", ")}`,
  );
}

function nextSteps(hasServer: boolean, needsInstall: boolean): string {
  const stack = hasServer ? " --stack prod" : "";
  const steps = {
    ...(needsInstall && { "npm install": "install the packages" }),
    [`npx berth doctor${stack}`]: "check what can be known before a deployment",
    [`npx berth up${stack}`]: hasServer ? "deploy to the server" : "deploy to this machine's Docker engine",
  };
  const width = Math.max(...Object.keys(steps).map((step) => step.length));
  const lines = Object.entries(steps).map(([step, what]) => `  ${step.padEnd(width)}  ${what}`);
  return `Next:\n${lines.join("\n")}`;
}

function withLines(text: string, lines: string[]): string {
  const existing = text.split("\n").map((line) => line.trim());
  const missing = lines.filter((line) => !existing.includes(line));
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return missing.length === 0 ? text : `${text}${end}${missing.join("\n")}\n`;
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
