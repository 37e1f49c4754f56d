import { registryParts } from "../../../model/registry.ts";
import { capture } from "../../../remote/program.mts";
import { authorization } from "../../../remote/registry/authorization.mts";
import { sendRequest } from "../../../remote/registry/http.mts";
import type { Stack } from "../../project/stack.mts";
import type { SignIn } from "../facts.mts";
import type { Settings } from "../settings.mts";

/** Signs in to the registry; undefined if the stack has none. Never shows the password. */
export async function observeRegistry(stack: Stack, settings: Settings): Promise<SignIn | undefined> {
  const { registryAddress: address, registryUsername: username = "" } = settings.values;
  if (!address) return undefined;
  const password = await secretOf(stack, settings, "registryPassword");
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

/** Reads a secret setting from Pulumi's output, so that it is on no command line; undefined if it is not set or cannot be decrypted. */
export async function secretOf({ name }: Stack, { secrets }: Settings, setting: string): Promise<string | undefined> {
  if (!secrets.includes(setting)) return undefined;
  const { status, stdout } = await capture("pulumi", ["config", "get", setting, "--stack", name]);
  return status === 0 ? stdout.replace(/\n$/, "") : undefined;
}

/** Signs in with `account:password` as Docker does: by basic authentication or with a token. */
export async function signIn(host: string, login: string): Promise<Omit<SignIn, "address">> {
  const url = `https://${host}/v2/`;
  const first = await sendRequest(url, host);
  if (first.status === 200) return { result: "signed in", detail: "without a password" };
  const header = await authorization(first.challenge, host, { login });
  if (header === undefined) return { result: "refused", detail: "the registry issues no token for this account" };
  const { status } = await sendRequest(url, host, { headers: { authorization: header } });
  if (status === 200) return { result: "signed in", detail: "" };
  const refused = status === 401 || status === 403;
  return { result: refused ? "refused" : "unreachable", detail: `HTTP status ${status}` };
}
