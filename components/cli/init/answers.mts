import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, normalize } from "node:path";
import { Problem } from "../../model/problem.ts";
import { addressesOf } from "../doctor/observe/network.mts";
import { ask } from "../terminal/ask.mts";
import type { CiSystem } from "./ci.mts";
import { checked, FORMS, type Form } from "./forms.mts";
import { confirmedHostKey } from "./host-key.mts";

/** Flags of `berth init`. On a terminal, it asks for missing ones. */
export interface InitOptions {
  name?: string;
  app?: string;
  port?: string;
  health?: string;
  database?: boolean;
  server?: string;
  serverPort?: string;
  serverUser?: string;
  serverKeyFile?: string;
  serverHostKey?: string;
  siteName?: string;
  tls?: string;
  ci?: CiSystem;
  yes?: boolean;
}

/** The answers from which `berth init` creates the project. */
export interface Answers {
  name: string;
  /** Folder with a Dockerfile, relative to the project; `example` where one is written there. */
  app: { folder: string; example: boolean; port: number; health: string };
  database: boolean;
  /** Undefined for this machine's Docker engine only. */
  server: ServerAnswers | undefined;
}

export interface ServerAnswers {
  host: string;
  port: number;
  user: string;
  hostKey: string;
  keyFile: string;
  siteName: string;
  tls: string;
  /** Whether the server has an IPv6 address, as far as its name resolves here. */
  ipv6: boolean;
}

type Question = (flag: string | undefined, form: Form, question: string, fallback: string) => Promise<string>;

/** @throws Problem that names an invalid flag, or a flag that is required without a terminal. */
export async function answers(folder: string, options: InitOptions): Promise<Answers> {
  const interactive = !options.yes && process.stdin.isTTY === true;
  const question: Question = (flag, form, text, fallback) =>
    flag !== undefined || !interactive
      ? Promise.resolve(checked(form, flag ?? fallback))
      : askUntilValid(form, text, fallback);

  const name = await question(options.name, FORMS.name, "Name of the project", nameOf(folder));
  const app = await appAnswers(folder, options, question);
  const database =
    options.database ?? /^y/i.test(await question(undefined, FORMS.yesNo, "PostgreSQL, with backups", "yes"));
  const host = await question(
    options.server,
    FORMS.host,
    "Ubuntu server, name or address (empty: this machine only)",
    "",
  );
  const server = host === "" ? undefined : await serverAnswers(host, options, question, interactive);
  return { name, app, database, server };
}

async function appAnswers(folder: string, options: InitOptions, question: Question): Promise<Answers["app"]> {
  const answer = await question(options.app, FORMS.folder, "Folder with your application's Dockerfile", "app");
  const app = normalize(answer).replace(/\/$/, "");
  const example = !existsSync(join(folder, app, "Dockerfile"));
  if (example && existsSync(join(folder, app)) && readdirSync(join(folder, app)).length > 0) {
    throw new Problem(`There is no Dockerfile in ${app}. Add one, or name the folder that has it: --app <folder>`);
  }
  if (example) return { folder: app, example, port: 3000, health: "/health" };
  const port = await question(options.port, FORMS.port, "Port your application listens on", "3000");
  const health = await question(options.health, FORMS.path, "Path that answers when it is healthy", "/");
  return { folder: app, example, port: Number(port), health };
}

async function serverAnswers(
  host: string,
  options: InitOptions,
  question: Question,
  interactive: boolean,
): Promise<ServerAnswers> {
  const user = await question(options.serverUser, FORMS.user, "Account on the server", "root");
  const port = Number(await question(options.serverPort, FORMS.serverPort, "Port of its sshd", "22"));
  const keyFile = portable(
    await question(options.serverKeyFile, FORMS.any, "Private key file (empty: the SSH agent)", ""),
  );
  const hostKey = await confirmedHostKey({ host, port, expected: options.serverHostKey, interactive });
  const siteName = await question(
    options.siteName,
    FORMS.siteName,
    "Name of the site, e.g. www.example.org (empty: the server's)",
    "",
  );
  const tls = await question(options.tls, FORMS.tls, "TLS: acme, self-signed or off", siteName === "" ? "off" : "acme");
  if (tls === "acme" && siteName === "")
    throw new Problem("A certificate from Let's Encrypt needs a name: --site-name <name>");
  const ipv6 = (await addressesOf(host)).some((address) => address.includes(":"));
  return { host, port, user, hostKey, keyFile, siteName, tls, ipv6 };
}

/** Shortens a path in the home folder to `~/…`, so that it is the same on every machine of the team. */
function portable(path: string): string {
  return path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
}

/** Asks until the answer has the form. */
async function askUntilValid(form: Form, question: string, fallback: string): Promise<string> {
  for (;;) {
    const answer = (await ask(`${question}${fallback === "" ? "" : ` [${fallback}]`}: `)) || fallback;
    if (form.pattern.test(answer)) return answer;
    console.error(`It must be ${form.description}.`);
  }
}

/** Derives the project's name from the folder's name, in the form that image names allow. */
function nameOf(folder: string): string {
  return (
    basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^[^a-z]+|-+$/g, "") || "site"
  );
}
