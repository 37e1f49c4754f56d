import { createHash } from "node:crypto";

/** Prefix of the stacks of preview environments. */
const PREFIX = "preview-";
const LONGEST = 30;
const HASH = 6;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The name of a preview environment: lower-case letters, digits and single hyphens, at most 30 characters. Other texts, e.g. the name of
 * the branch `feature/Login_2`, are changed, and get a hash of the text, so that no two have the same name.
 */
export function previewName(text: string): string {
  if (NAME.test(text) && text.length <= LONGEST) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH);
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, LONGEST - HASH - 1)
    .replace(/-+$/, "");
  return words === "" ? hash : `${words}-${hash}`;
}

/** The stack of a preview environment. */
export function stackOf(name: string): string {
  return PREFIX + name;
}

/** The name of the preview environment with this stack. */
export function nameOfStack(stack: string): string {
  return stack.slice(PREFIX.length);
}

/** Whether a stack has a name that a preview environment may have. */
export function mayBePreview(stack: string): boolean {
  return stack.startsWith(PREFIX) && previewName(nameOfStack(stack)) === nameOfStack(stack);
}
