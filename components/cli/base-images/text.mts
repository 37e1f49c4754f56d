import { shortDigest } from "../../model/image.ts";
import { LOCK_FILE, type LockedImage } from "../../model/image-lock.ts";
import { hint } from "../terminal/hint.mts";
import { table } from "../terminal/table.mts";
import type { BaseImage } from "./look.mts";
import { isOutdated, type Update } from "./update.mts";

/** Formats an update as text: a table of what changes, what could not be looked up, versions without support, and the next step. */
export function asText(stack: string, { images, written }: Update, now = new Date()): string {
  const [outdated, unknown] = [images.filter(isOutdated), images.filter(({ state }) => state === "unknown")];
  const current = images.length - outdated.length - unknown.length;
  const ended = images.flatMap(({ image, ended }) => ended.map((sentence) => `  ${image}: ${sentence}`));
  return [
    ...(outdated.length > 0
      ? [
          table(
            ["IMAGE", "FROM", "TO", "AGE"],
            outdated.map((one) => row(one, now)),
          ),
          "",
        ]
      : []),
    ...(unknown.length > 0 ? [`Not looked up, and left as in ${LOCK_FILE}:`, ...unknown.map(unknownLine), ""] : []),
    ...(ended.length > 0 ? ["Without support, so that no security fixes follow:", ...ended, ""] : []),
    summary(stack, { outdated: outdated.length, current, written }),
  ].join("\n");
}

/** The age is that of the locked digest. */
function row({ image, before, after }: BaseImage, now: Date): string[] {
  return [image, digestIn(before), digestIn(after), before ? days(before.resolved, now) : ""];
}

function days(since: string, now: Date): string {
  const count = Math.floor((now.getTime() - new Date(since).getTime()) / 86_400_000);
  return count === 1 ? "1 day" : `${count} days`;
}

function unknownLine({ image, reason, before }: BaseImage): string {
  return `  ${image}: ${reason}${before ? "" : "; its tag is used"}`;
}

function summary(
  stack: string,
  { outdated, current, written }: { outdated: number; current: number; written: boolean },
): string {
  if (outdated === 0) return `${counted(current)} up to date.`;
  if (!written) return `${counted(outdated)} new or newer than in ${LOCK_FILE}. To update it: ${hint(stack, "update")}`;
  return `Wrote ${LOCK_FILE}. To see what the release does: ${hint(stack, "plan")}; to deploy it: ${hint(stack, "up")}`;
}

function counted(count: number): string {
  return count === 1 ? "1 base image is" : `${count} base images are`;
}

function digestIn(locked: LockedImage | undefined): string {
  return locked ? shortDigest(locked.digest) : "none";
}
