import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Answers, ServerAnswers } from "./answers.mts";

const TEMPLATE = join(import.meta.dirname, "template");

/** The project's files with their content, except package.json and .gitignore, which may already exist. */
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
  // Pulumi does not create this folder, so each clone of the project must contain it.
  files.set(".pulumi-state/.gitignore", "# The state of stacks stays on this machine.\n*\n!.gitignore\n");
  files.set("Pulumi.dev.yaml", devSettings(name));
  if (server) files.set("Pulumi.prod.yaml", prodSettings(answers, server));
  return files;
}

/** Lines for .gitignore. npm excludes files with that name from a package, so the template's is called gitignore. */
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

/** Moves the example to the application's folder, or removes it if the user has a Dockerfile. */
function moveApp(files: Map<string, string>, { folder, example }: Answers["app"]): void {
  for (const [file, content] of [...files]) {
    if (!file.startsWith("app/")) continue;
    files.delete(file);
    if (example) files.set(join(folder, file.slice("app/".length)), content);
  }
}

/** Replaces texts in a file of the template. @throws if one is missing. */
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
  return `# The stack dev: this machine's Docker engine.\n${stringify({ config: withProjectName(project, settings) })}`;
}

function prodSettings({ name }: Answers, server: ServerAnswers): string {
  const { host, port, user, hostKey, keyFile, siteName, tls, ipv6 } = server;
  const settings = {
    serverHost: host,
    ...(port !== 22 && { serverPort: port }),
    serverUser: user,
    serverHostKey: hostKey,
    ...(keyFile !== "" && { serverKeyFile: keyFile }),
    ...(siteName !== "" && { siteName }),
    ...(ipv6 && { httpAddress: "0.0.0.0,::" }),
    tls,
  };
  return `# The stack prod: an Ubuntu server.\n${stringify({ config: withProjectName(name, settings) }, { lineWidth: 0 })}`;
}

function withProjectName(project: string, settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value]));
}
