import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { registryParts } from "../../../model/registry.ts";
import { capture } from "../../../remote/program.mts";
import type { Stack } from "../../project/stack.mts";
import type { SignIn } from "../facts.mts";
import type { Settings } from "../settings.mts";

/** Signs in to the registry; undefined if the stack has none. Never shows the password. */
export async function observeRegistry(stack: Stack, settings: Settings): Promise<SignIn | undefined> {
  const { registryAddress: address, registryUsername: username = "" } = settings.values;
  if (!address) return undefined;
  const password = await passwordOf(stack, settings);
  if (password === undefined) {
    return { address, result: "unknown", detail: "registryPassword is not set or cannot be decrypted" };
  }
  try {
    return { address, ...(await signIn(registryParts(address).host, `${username}:${password}`)) };
  } catch (error) {
    return { address, ...failure(error) };
  }
}

/** Docker reaches the registry through its own proxy; this check has none. */
export function failure(error: unknown): Omit<SignIn, "address"> {
  const detail = error instanceof Error ? error.message : String(error);
  const proxy = ["HTTPS_PROXY", "https_proxy"].find((name) => process.env[name]);
  if (proxy === undefined) return { result: "unreachable", detail };
  return { result: "unknown", detail: `cannot be reached without the proxy of ${proxy} (${detail})` };
}

/** Reads the password from Pulumi's output, so that it is on no command line. */
async function passwordOf({ name }: Stack, { secrets }: Settings): Promise<string | undefined> {
  if (!secrets.includes("registryPassword")) return undefined;
  const { status, stdout } = await capture("pulumi", ["config", "get", "registryPassword", "--stack", name]);
  return status === 0 ? stdout.replace(/\n$/, "") : undefined;
}

/** Signs in with `account:password` as Docker does: by basic authentication or with a token. */
export async function signIn(host: string, login: string): Promise<Omit<SignIn, "address">> {
  const url = `https://${host}/v2/`;
  const basic = `Basic ${Buffer.from(login).toString("base64")}`;
  const first = await sendRequest(url, host);
  if (first.status === 200) return { result: "signed in", detail: "without a password" };
  const challenge = /^Bearer (.*)$/i.exec(first.challenge)?.[1];
  const authorization = challenge === undefined ? basic : await token(challenge, host, basic);
  if (authorization === undefined)
    return { result: "refused", detail: "the registry issues no token for this account" };
  const { status } = await sendRequest(url, host, authorization);
  if (status === 200) return { result: "signed in", detail: "" };
  const refused = status === 401 || status === 403;
  return { result: refused ? "refused" : "unreachable", detail: `HTTP status ${status}` };
}

/** Requests a token from the realm that the registry names. Sends the password over TLS only. */
async function token(challenge: string, host: string, basic: string): Promise<string | undefined> {
  const parts = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const url = new URL(parts["realm"] ?? "");
  if (url.protocol !== "https:") return undefined;
  if (parts["service"]) url.searchParams.set("service", parts["service"]);
  const { status, body } = await sendRequest(url.href, host, basic);
  if (status !== 200) return undefined;
  const answer: { token?: string; access_token?: string } = JSON.parse(body);
  return `Bearer ${answer.token ?? answer.access_token ?? ""}`;
}

interface Answer {
  status: number;
  /** The header WWW-Authenticate. */
  challenge: string;
  body: string;
}

function sendRequest(url: string, host: string, authorization?: string): Promise<Answer> {
  const headers = authorization === undefined ? {} : { authorization };
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, ca: authorities(host), timeout: 10_000 }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const challenge = response.headers["www-authenticate"] ?? "";
        resolve({ status: response.statusCode ?? 0, challenge, body: Buffer.concat(parts).toString() });
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer after 10 s")));
    call.on("error", reject);
    call.end();
  });
}

/** CA certificates: those that Node.js trusts, and those that Docker and Pulumi use for a private registry. */
function authorities(host: string): string[] {
  const folder = join("/etc/docker/certs.d", host);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".crt")) : [];
  const paths = [
    ...files.map((name) => join(folder, name)),
    process.env["SSL_CERT_FILE"] ?? "",
    process.env["NODE_EXTRA_CA_CERTS"] ?? "",
  ];
  return [...rootCertificates, ...paths.filter(existsSync).map((file) => readFileSync(file, "utf8"))];
}
