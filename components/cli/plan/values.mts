import { imageOf } from "../../model/image.ts";

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
