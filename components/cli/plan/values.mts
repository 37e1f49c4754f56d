/** Maximum length of a shown value; longer ones are shortened. */
const LONGEST = 60;

/** Formats a value on one line, shortened. */
export function short(value: unknown): string {
  if (value === undefined || value === null || value === "") return "none";
  const text = String(value).replace(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Formats the change of an image reference, without the repository if it is the same. */
export function shortImage(before: unknown, after: unknown): string {
  const [old, now] = [imageOf(before), imageOf(after)];
  if (old.repository !== now.repository) return `${short(before)} → ${short(after)}`;
  return `${old.version || "none"} → ${now.version || "none"}`;
}

/** The parts of an image's reference, e.g. `postgres:16-alpine` or `registry:5000/app@sha256:…`. */
export function imageOf(reference: unknown): { repository: string; version: string } {
  const [, repository = "", tag = "", digest = ""] =
    /^(.*?)(?::([\w.-]+))?(?:@(?:sha256:)?(\w+))?$/.exec(String(reference ?? "")) ?? [];
  return { repository, version: tag || digest.slice(0, 12) };
}

/** Major version in an image's tag: 16 for `16-alpine`, undefined for a hash. */
export function majorOf(reference: unknown): number | undefined {
  const [, major] = /^v?(\d{1,4})(?=[.-]|$)/.exec(imageOf(reference).version) ?? [];
  return major === undefined ? undefined : Number(major);
}
