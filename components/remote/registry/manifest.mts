import { createHash } from "node:crypto";
import { inRegistry } from "../../model/image.ts";
import { registryParts } from "../../model/registry.ts";
import { authorization } from "./authorization.mts";
import { type Answer, sendRequest } from "./http.mts";
import type { Looked, Routes } from "./look-up.ts";

type Logins = NonNullable<Routes["logins"]>;

/** The index of all platforms first: a registry converts it for who does not accept it. */
const FORMS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Asks the registry of an image for the digest of its tag. */
export async function digestInRegistry(reference: string, logins: Logins = {}): Promise<Looked> {
  const { tag } = inRegistry(reference);
  try {
    const { status, digest } = await manifestOf(reference, tag, "HEAD", logins);
    if (status === 200 && digest !== "") return { digest };
    if (status === 200) return { digest: hashOf((await manifestOf(reference, tag, "GET", logins)).body) };
    if (status === 404) return { problem: "absent", detail: "the registry does not have it" };
    // Docker Hub answers so for an image that does not exist, too.
    if (status === 401 || status === 403) return { problem: "refused", detail: "absent from the registry, or private" };
    return { problem: "unreachable", detail: `the registry answers with the HTTP status ${status}` };
  } catch (error) {
    return { problem: "unreachable", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The images of the platforms that servers have, by platform; undefined if the registry does not answer. */
export async function platformsOf(
  reference: string,
  digest: string,
  logins: Logins = {},
): Promise<Map<string, string> | undefined> {
  try {
    const { status, body } = await manifestOf(reference, digest, "GET", logins);
    return status === 200 ? platformsIn(JSON.parse(body), digest) : undefined;
  } catch {
    return undefined;
  }
}

interface Manifest {
  manifests?: { digest: string; platform?: { os: string; architecture: string } }[];
}

function platformsIn({ manifests }: Manifest, digest: string): Map<string, string> {
  if (manifests === undefined) return new Map([["any", digest]]);
  const used = manifests.filter(
    ({ platform }) => platform?.os === "linux" && /^(amd64|arm64)$/.test(platform.architecture),
  );
  return new Map(used.map((one) => [one.platform?.architecture ?? "", one.digest]));
}

async function manifestOf(reference: string, version: string, method: "GET" | "HEAD", logins: Logins): Promise<Answer> {
  const { host: name, repository } = inRegistry(reference);
  const { host } = registryParts(name);
  const send = (header?: string) =>
    toRegistry(host, (base) =>
      sendRequest(`${base}/v2/${repository}/manifests/${version}`, host, {
        method,
        headers: { accept: FORMS, authorization: header },
        timeout: 5000,
      }),
    );
  const answer = await send();
  if (answer.status !== 401) return answer;
  const header = await authorization(answer.challenge, host, {
    login: logins[host],
    scope: `repository:${repository}:pull`,
  });
  return header === undefined ? answer : send(header);
}

/** Like Docker, tries a registry on this machine without TLS too. */
async function toRegistry(host: string, send: (base: string) => Promise<Answer>): Promise<Answer> {
  try {
    return await send(`https://${host}`);
  } catch (error) {
    if (!/^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host)) throw error;
    return send(`http://${host}`);
  }
}

function hashOf(body: string): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}
