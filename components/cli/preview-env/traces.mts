import { auditFolder } from "../../model/audit.ts";
import { stackNameOf } from "../../model/names.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";

/** What a machine has of a stack, in the order in which it can be removed: an image may be needed to remove a folder. */
const KINDS = ["container", "network", "volume", "route", "folder", "image"] as const;

/** Something on a machine with the labels or the name of a stack. */
export interface Trace {
  kind: (typeof KINDS)[number];
  reference: string;
  name: string;
}

/** Everything that a machine has of a stack. `stacks` are the names of the project's stacks. */
export async function tracesOf(place: Place, stacks: string[]): Promise<Trace[]> {
  const printed = await onServer(place, "traces.sh", { words: [auditFolder(place.sshPrefix)], withoutEngine: true });
  const others = stacks.map((stack) => stackNameOf({ project: place.project, stack }));
  return parseTraces(printed, stackNameOf(place), others);
}

/** Removes all of it that can be removed. */
export async function removeTraces(place: Place, traces: Trace[]): Promise<void> {
  if (traces.length === 0) return;
  const words = traces.map(({ kind, reference }) => `${kind}=${reference}`);
  await onServer(place, "remove-traces.sh", { words, withoutEngine: true });
}

/**
 * Parses what traces.sh prints of the stack `name`, `<project>-<stack>`. A volume without labels belongs to the stack with the longest
 * name that it begins with: `shop-preview-a-b-data` is not of `shop-preview-a` if there is `shop-preview-a-b`.
 */
export function parseTraces(printed: string, name: string, others: string[]): Trace[] {
  const lines = printed.split("\n").map((line) => line.split(" "));
  const longer = [...others, ...lines.flatMap(([kind, , other = ""]) => (kind === "stack" ? [other] : []))].filter(
    (other) => other.startsWith(`${name}-`),
  );
  return lines
    .flatMap(([word = "", reference = "", ...rest]) => {
      const trace = rest.join(" ");
      if (word === "unlabelled" && longer.some((other) => trace.startsWith(`${other}-`))) return [];
      const kind = KINDS.find((one) => one === (word === "unlabelled" ? "volume" : word));
      return kind === undefined ? [] : [{ kind, reference, name: trace }];
    })
    .sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
}
