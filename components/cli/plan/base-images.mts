import { digestOf, shortDigest, withoutDigest } from "../../model/image.ts";
import { nameOf } from "../../model/state.ts";
import type { Step } from "./steps.mts";

/** The reason for a change of an image reference in which only the digest differs; undefined if more differs. */
export function digestReason(before: unknown, after: unknown): string | undefined {
  const [old, now] = [String(before ?? ""), String(after ?? "")];
  const [from, to] = [digestOf(old), digestOf(now)];
  const tag = withoutDigest(now);
  if (withoutDigest(old) !== tag || from === to) return undefined;
  if (to === undefined) return `base image ${tag} has no digest any more`;
  return from === undefined ? `base image ${tag} is pinned to ${shortDigest(to)}` : newer(tag, from, to);
}

/**
 * The reasons for a built image from its base images: those whose digest in berth.lock changed. The record of the release lists what each
 * image is built from (build/locked-images.ts).
 */
export function baseImageReasons(urn: string, steps: Step[]): string[] {
  if (!urn.includes("berth:build:Image$")) return [];
  const records = steps.filter((step) => nameOf(step.urn) === "release-recorded");
  const [before, after] = [
    basesIn(nameOf(urn), records.find(({ oldState }) => oldState)?.oldState?.inputs["triggers"]),
    basesIn(nameOf(urn), records.findLast(({ newState }) => newState)?.newState?.inputs["triggers"]),
  ];
  return [...after].flatMap(([reference, digest]) => {
    const old = before.get(reference);
    return old === undefined || old === digest ? [] : [newer(reference, old, digest)];
  });
}

function newer(reference: string, before: string, after: string): string {
  return `base image ${reference} is newer: ${shortDigest(before)} → ${shortDigest(after)}`;
}

/** The digests of an image's bases, by their references. */
function basesIn(image: string, triggers: unknown): Map<string, string> {
  const lines = (Array.isArray(triggers) ? triggers : []).map(String);
  const found = lines.map((line) => /^(\S+) (\S+)@(sha256:\w+)$/.exec(line) ?? []);
  return new Map(found.filter(([, name]) => name === image).map(([, , base = "", digest = ""]) => [base, digest]));
}
