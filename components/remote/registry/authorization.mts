import { sendRequest } from "./http.mts";

interface Access {
  /** `account:password`. Default: none, anonymous. */
  login?: string | undefined;
  /** The requested access, e.g. `repository:library/nginx:pull`. Default: none, only the sign-in. */
  scope?: string;
}

/**
 * The header Authorization that a registry asks for in its challenge, as Docker sends it: basic authentication or a token.
 * Undefined if the registry issues no token. Sends the password over TLS only.
 */
export async function authorization(
  challenge: string,
  host: string,
  { login, scope }: Access,
): Promise<string | undefined> {
  const basic = login === undefined ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
  const bearer = /^Bearer (.*)$/i.exec(challenge)?.[1];
  if (bearer === undefined) return basic;
  const parts = Object.fromEntries([...bearer.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const url = new URL(parts["realm"] ?? "");
  if (url.protocol !== "https:") return undefined;
  if (parts["service"]) url.searchParams.set("service", parts["service"]);
  if (scope) url.searchParams.set("scope", scope);
  const { status, body } = await sendRequest(url.href, host, { headers: { authorization: basic } });
  if (status !== 200) return undefined;
  const answer: { token?: string; access_token?: string } = JSON.parse(body);
  return `Bearer ${answer.token ?? answer.access_token ?? ""}`;
}
