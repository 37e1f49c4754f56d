import { imageOf } from "../../model/image.ts";

/** Maximum length of a shown value; longer ones are shortened. */
const LONGEST = 60;

/** A value as it is shown: short, and on one line. */
export function short(value: unknown): string {
  if (value === undefined || value === null || value === "") return "none";
  const text = String(value).replace(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Two references of an image, without the repository where it is the same. */
export function shortImage(before: unknown, after: unknown): string {
  const [old, now] = [imageOf(before), imageOf(after)];
  if (old.repository !== now.repository) return `${short(before)} → ${short(after)}`;
  return `${old.version || "none"} → ${now.version || "none"}`;
}
