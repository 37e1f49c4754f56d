import { type Label, labelIn, labelsIn } from "../../model/labels.ts";
import { TYPES } from "../../model/types.ts";
import { isRecord } from "../../model/values.ts";
import { environmentReasons } from "./environment.mts";
import { isUnknown, SECRET, type State } from "./steps.mts";
import { short, shortImage } from "./values.mts";

type Inputs = State["inputs"];

/**
 * The reasons for a change: the inputs that differ. Inputs that are unknown during the preview are left to `follows`.
 * Values of secrets and scripts of commands are not shown.
 */
export function reasonsOf(before: State, after: State): string[] {
  const changed = (field: string) => !same(before.inputs[field], after.inputs[field]);
  const fields = [...new Set([...Object.keys(after.inputs), ...Object.keys(before.inputs)])].filter(
    (field) => !IMPLIED.has(field) && changed(field) && !isUnknown(after.inputs[field]),
  );
  const reasons = fields.flatMap((field) => reasonsFor(field, before, after)).sort(imageFirst);
  return [...reasons, ...labelReasons(before.inputs, after.inputs, reasons.length === 0)];
}

/** Inputs that are not reasons: Pulumi's own, derived ones, and labels, which `labelReasons` handles. */
const IMPLIED = new Set(["__defaults", "keepers", "labels", "memorySwap", "triggers"]);

/** Reasons for changed inputs of commands, whose values are too long to show. */
const OF_COMMANDS: Record<string, string> = {
  create: "its script changed",
  delete: "its clean-up script changed",
  environment: "its script changed",
  stdin: "its input changed",
};

function reasonsFor(field: string, { type, inputs: old }: State, { inputs }: State): string[] {
  const [before, after] = [old[field], inputs[field]];
  if (type === TYPES.command) return [OF_COMMANDS[field] ?? `its ${field} changed`];
  switch (field) {
    case "build":
      return ["its build changed"];
    case "command":
      return [wordsReason(before, after)];
    case "cpus":
      return [`processors ${short(before)} → ${short(after)}`];
    case "envs":
      return environmentReasons(before, after, String(inputs["image"] ?? ""));
    case "image":
      return [`image ${shortImage(before, after)}`];
    case "memory":
      return [`memory ${short(before)} → ${short(after)} MiB`];
    case "destroyGraceSeconds":
      return [`time to stop ${short(before)} → ${short(after)} s`];
    case "name":
      return nameReason(type, before, after);
    case "ports":
      return [`ports ${ports(before)} → ${ports(after)}`];
    default:
      return [isPlain(before) && isPlain(after) ? `${field} ${short(before)} → ${short(after)}` : `${field} changed`];
  }
}

/** Pulumi generates a new name for each container, so its change is not a reason. */
function nameReason(type: string, before: unknown, after: unknown): string[] {
  if (type === TYPES.container) return [];
  return [type === TYPES.image ? shortImage(before, after) : `name ${short(before)} → ${short(after)}`];
}

function imageFirst(one: string, other: string): number {
  return Number(other.startsWith("image ")) - Number(one.startsWith("image "));
}

/** Reasons from labels. The fingerprint of all arguments counts only if there is no other reason. */
function labelReasons(before: Inputs, after: Inputs, alone: boolean): string[] {
  // A secret in the environment makes the labels secret, as they contain its fingerprint.
  if (!Array.isArray(before["labels"]) || !Array.isArray(after["labels"])) return [];
  const [old, now] = [labelsIn(before["labels"]), labelsIn(after["labels"])];
  const changed = (label: Label) => labelIn(old, label) !== labelIn(now, label) && !isUnknown(labelIn(now, label));
  const upgrade = labelIn(now, "upgrade");
  const reasons = [
    ...(changed("files") ? ["its files (configuration or secrets) changed"] : []),
    ...(changed("migrations") ? ["its migrations changed"] : []),
    ...(changed("upgrade") && upgrade !== undefined
      ? [`upgrade ${upgrade}: copies all data to a new volume and verifies it, while writers wait`]
      : []),
  ];
  return alone && reasons.length === 0 && changed("spec") ? ["its specification changed"] : reasons;
}

function wordsReason(before: unknown, after: unknown): string {
  const [old, now] = [list(before), list(after)];
  const removed = old.filter((word) => !now.includes(word));
  const added = now.filter((word) => !old.includes(word));
  if (removed.length + added.length > 6) return "command changed";
  return `command ${[...removed.map((word) => `−${short(word)}`), ...added.map((word) => `+${short(word)}`)].join(" ") || "in another order"}`;
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function ports(value: unknown): string {
  const published = Array.isArray(value) ? value : [];
  return published.map(({ ip, external }) => `${ip}:${external}`).join(", ") || "none";
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean", "undefined"].includes(typeof value) && value !== SECRET;
}

/** Compares two values, ignoring the order of keys and the provider's defaults. */
function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner) =>
    isRecord(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([key]) => key !== "__defaults")
            .sort(),
        )
      : inner,
  );
}
