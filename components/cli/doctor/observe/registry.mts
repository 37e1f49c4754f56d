import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { captured } from "../../../remote/program.mts";
import type { Stack } from "../../project/stack.mts";
import type { SignIn } from "../facts.mts";
import type { Settings } from "../settings.mts";

/** Signs in to the registry as a client of it does; undefined where the stack has none. The password is shown nowhere. */
export async function observeRegistry(stack: Stack, settings: Settings): Promise<SignIn | undefined> {
  const { registryAddress: address, registryUsername: username = "" } = settings.values;
  if (!address) return undefined;
  const password = await passwordOf(stack, settings);
  if (password === undefined) {
    return { address, result: "unknown", said: "registryPassword is not set, or it cannot be decrypted" };
  }
  try {
    return { address, ...(await signIn(hostOf(address), `${username}:${password}`)) };
  } catch (error) {
    return { address, result: "unreachable", said: error instanceof Error ? error.message : String(error) };
  }
}

/** Through a pipe of Pulumi's, so it is on no command line. */
async function passwordOf({ name }: Stack, { secrets }: Settings): Promise<string | undefined> {
  if (!secrets.includes("registryPassword")) return undefined;
  const { status, stdout } = await captured("pulumi", ["config", "get", "registryPassword", "--stack", name]);
  return status === 0 ? stdout.replace(/\n$/, "") : undefined;
}

/** Docker Hub's API is at another address than its images' names say. */
function hostOf(address: string): string {
  const host = address.split("/", 1)[0] ?? address;
  return host === "docker.io" ? "registry-1.docker.io" : host;
}

/** By the login `account:password`, as Docker does: with it, or with a token that it is given for it. */
export async function signIn(host: string, login: string): Promise<Omit<SignIn, "address">> {
  const url = `https://${host}/v2/`;
  const basic = `Basic ${Buffer.from(login).toString("base64")}`;
  const first = await ask(url, host);
  if (first.status === 200) return { result: "signed in", said: "without a password" };
  const wanted = /^Bearer (.*)$/i.exec(first.wants)?.[1];
  const authorization = wanted === undefined ? basic : await token(wanted, host, basic);
  if (authorization === undefined) return { result: "refused", said: "The registry gives this account no token" };
  const { status } = await ask(url, host, authorization);
  if (status === 200) return { result: "signed in", said: "" };
  const refused = status === 401 || status === 403;
  return { result: refused ? "refused" : "unreachable", said: `It answers ${status}` };
}

/** The address that gives tokens is in the registry's answer; the password is sent over TLS only. */
async function token(wanted: string, host: string, basic: string): Promise<string | undefined> {
  const parts = Object.fromEntries([...wanted.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const url = new URL(parts["realm"] ?? "");
  if (url.protocol !== "https:") return undefined;
  if (parts["service"]) url.searchParams.set("service", parts["service"]);
  const { status, body } = await ask(url.href, host, basic);
  if (status !== 200) return undefined;
  const answer: { token?: string; access_token?: string } = JSON.parse(body);
  return `Bearer ${answer.token ?? answer.access_token ?? ""}`;
}

interface Answer {
  status: number;
  wants: string;
  body: string;
}

function ask(url: string, host: string, authorization?: string): Promise<Answer> {
  const headers = authorization === undefined ? {} : { authorization };
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, ca: authorities(host), timeout: 10_000 }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const wants = response.headers["www-authenticate"] ?? "";
        resolve({ status: response.statusCode ?? 0, wants, body: Buffer.concat(parts).toString() });
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer after 10 s")));
    call.on("error", reject);
    call.end();
  });
}

/** Those that Node.js trusts, and those that Docker and Pulumi are given for a registry of one's own. */
function authorities(host: string): string[] {
  const folder = join("/etc/docker/certs.d", host);
  const own = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".crt")) : [];
  const files = [
    ...own.map((name) => join(folder, name)),
    process.env["SSL_CERT_FILE"] ?? "",
    process.env["NODE_EXTRA_CA_CERTS"] ?? "",
  ];
  return [...rootCertificates, ...files.filter(existsSync).map((file) => readFileSync(file, "utf8"))];
}
