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
