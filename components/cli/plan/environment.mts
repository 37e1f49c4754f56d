import { mayBeSecret } from "../../model/secrets.ts";
import { SECRET } from "./steps.mts";
import { short } from "./values.mts";

/**
 * Changes in a container's environment, one text a variable. Omits a value that is part of the image's reference, and does not show a
 * value that may be secret.
 */
export function environmentReasons(before: unknown, after: unknown, image: string): string[] {
  if (before === SECRET || after === SECRET) return ["environment changed (secret)"];
  const [old, now] = [variables(before), variables(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .filter((name) => !isPartOfReference(image, now.get(name)))
    .map((name) => reason(name, old.get(name), now.get(name)));
}

function reason(name: string, before: string | undefined, after: string | undefined): string {
  if (after === undefined) return `environment ${name} removed`;
  const secret = [before, after].some((value = "") => value === SECRET || mayBeSecret(name, value));
  if (secret) return `environment ${name} ${before === undefined ? "added" : "changed"}`;
  return before === undefined
    ? `environment ${name} added: ${short(after)}`
    : `environment ${name} ${short(before)} → ${short(after)}`;
}

function isPartOfReference(image: string, value = ""): boolean {
  return value.length >= 12 && image.includes(value);
}

function variables(envs: unknown): Map<string, string> {
  const lines = Array.isArray(envs) ? envs.map(String) : [];
  return new Map(
    lines.map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
