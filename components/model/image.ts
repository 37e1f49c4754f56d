import { NAMES_OF_DOCKER_HUB } from "./registry.ts";

/** The repository and the version of an image reference, e.g. `postgres:16-alpine` or `registry:5000/app@sha256:…`. */
export function imageOf(reference: unknown): { repository: string; version: string } {
  const [, repository = "", tag = "", digest = ""] =
    /^(.*?)(?::([\w.-]+))?(?:@(?:sha256:)?(\w+))?$/.exec(String(reference ?? "")) ?? [];
  return { repository, version: tag || digest.slice(0, 12) };
}

/** The major version of an image reference: 16 for `postgres:16-alpine`, undefined for a hash, a date or a name. */
export function majorOf(reference: unknown): number | undefined {
  const { version } = imageOf(reference);
  if (/^[0-9a-f]{7,}$/.test(version)) return undefined;
  const [, major] = /^v?(\d{1,4})(?!\d)/.exec(version) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** The digest in an image reference, `sha256:…`; undefined without one. */
export function digestOf(reference: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
}

/** The first 12 digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}

/** An image reference without its digest. */
export function withoutDigest(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]+$/, "");
}

/** Where a registry has an image: its host, the repository with `library/`, and the tag. */
export function inRegistry(reference: string): { host: string; repository: string; tag: string } {
  const { repository: name } = imageOf(reference);
  const [, tag = "latest"] = /:([\w.-]+)$/.exec(withoutDigest(reference).slice(name.length)) ?? [];
  const [first = "", ...rest] = name.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const host = named && !NAMES_OF_DOCKER_HUB.includes(first) ? first : "docker.io";
  const path = named ? rest.join("/") : name;
  return { host, repository: host === "docker.io" && !path.includes("/") ? `library/${path}` : path, tag };
}

/** The name under which an engine lists an image by digest: `postgres@sha256:…` for `docker.io/library/postgres:16@sha256:…`. */
export function listedDigest(reference: string): string | undefined {
  const digest = digestOf(reference);
  if (digest === undefined) return undefined;
  const { host, repository } = inRegistry(reference);
  const name = host === "docker.io" ? repository.replace(/^library\//, "") : `${host}/${repository}`;
  return `${name}@${digest}`;
}
