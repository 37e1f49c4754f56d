import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Answers, ServerAnswers } from "./answers.mts";

const TEMPLATE = join(import.meta.dirname, "template");

/** The project's files and their content; package.json and .gitignore apart, which may be there. */
export function projectFiles(answers: Answers): Map<string, string> {
  const { app, database, name, server } = answers;
  const files = templateFiles("project");
  files.delete("gitignore");
  for (const [file, content] of templateFiles(database ? "database" : "plain")) files.set(file, content);
  moveApp(files, app);
  edit(files, "Pulumi.yaml", { "name: guestbook": `name: ${name}` });
  edit(files, "release.files", { "\napp\n": `\n${app.folder.split("/")[0]}\n` });
  edit(files, "index.ts", {
    '"./app"': JSON.stringify(`./${app.folder}`),
    'PORT: "3000"': `PORT: "${app.port}"`,
    "port: 3000": `port: ${app.port}`,
    ":3000/health": `:${app.port}${app.health}`,
  });
  // Pulumi does not make this folder, so a clone of the project has to have it.
  files.set(".pulumi-state/.gitignore", "# The state of stacks stays on this machine.\n*\n!.gitignore\n");
  files.set("Pulumi.dev.yaml", devSettings(name));
  if (server) files.set("Pulumi.prod.yaml", prodSettings(answers, server));
  return files;
}

/** Lines for .gitignore. npm leaves files of that name out of a package, so the template's has another one. */
export function ignoredLines(): string[] {
  return readFileSync(join(TEMPLATE, "project", "gitignore"), "utf8")
    .trim()
    .split("\n");
}

function templateFiles(part: string): Map<string, string> {
  const folder = join(TEMPLATE, part);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

/** The example goes where the application is to be; with one's own Dockerfile, there is no example. */
function moveApp(files: Map<string, string>, { folder, example }: Answers["app"]): void {
  for (const [file, content] of [...files]) {
    if (!file.startsWith("app/")) continue;
    files.delete(file);
    if (example) files.set(join(folder, file.slice("app/".length)), content);
  }
}

/** @throws where the template lacks a text that has to be replaced. */
function edit(files: Map<string, string>, file: string, replacements: Record<string, string>): void {
  let content = files.get(file) ?? "";
  for (const [from, to] of Object.entries(replacements)) {
    if (!content.includes(from)) throw new Error(`The template of ${file} lacks ${from}`);
    content = content.replace(from, () => to);
  }
  files.set(file, content);
}

function devSettings(project: string): string {
  const settings = { httpAddress: "127.0.0.1", httpPort: 8080, httpsPort: 8443, drainSeconds: 5 };
  return `# The stack dev: this machine's Docker engine.\n${stringify({ config: named(project, settings) })}`;
}

function prodSettings({ name, database }: Answers, server: ServerAnswers): string {
  const { host, port, user, hostKey, keyFile, siteName, tls } = server;
  // Official images by their version: which build the server runs is decided when it first pulls it.
  const unpinned = [
    "image-pinned:nginx",
    "image-pinned:nginx-sandbox",
    ...(database ? ["image-pinned:postgres"] : []),
    ...(tls === "acme" ? ["image-pinned:certificate"] : []),
  ];
  const settings = {
    serverHost: host,
    ...(port !== 22 && { serverPort: port }),
    serverUser: user,
    serverHostKey: hostKey,
    ...(keyFile !== "" && { serverKeyFile: keyFile }),
    ...(siteName !== "" && { siteName }),
    tls,
    policyExceptions: unpinned,
  };
  return `# The stack prod: an Ubuntu server.\n${stringify({ config: named(name, settings) }, { lineWidth: 0 })}`;
}

function named(project: string, settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value]));
}
