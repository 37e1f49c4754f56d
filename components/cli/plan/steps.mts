import { z } from "zod";

/** A resource before or after the release, from the preview. Pulumi masks its secrets. */
const State = z.object({
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  dependencies: z.array(z.string()).nullish(),
  /** Resources that an input depends on, by the input's name. */
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  /** Deleting the resource keeps the object. */
  retainOnDelete: z.boolean().default(false),
});
export type State = z.infer<typeof State>;

const Step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: State.optional(),
  newState: State.optional(),
});
export type Step = z.infer<typeof Step>;

const Preview = z.object({
  steps: z.array(Step).default([]),
  diagnostics: z.array(z.object({ message: z.string().default(""), severity: z.string().default("") })).default([]),
});
export type Preview = z.infer<typeof Preview>;

/**
 * Parses the output of `pulumi preview --json --show-replacement-steps --show-sames`.
 * @throws if it has another format.
 */
export function readPreview(text: string): Preview {
  return Preview.parse(JSON.parse(text));
}

/** Pulumi's placeholder for a value that is unknown during the preview. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Pulumi's placeholder for a secret. */
export const SECRET = "[secret]";

/** Whether a value is unknown during the preview, or contains an unknown value. */
export function isUnknown(value: unknown): boolean {
  return JSON.stringify(value)?.includes(UNKNOWN) ?? false;
}

/** Whether the step changes anything. */
export function isChange({ op }: Step): boolean {
  return op !== "same" && op !== "read" && op !== "refresh";
}

/** Whether the step deletes a resource, for good or as part of a replacement. */
export function isRemoval({ op }: Step): boolean {
  return op === "delete" || op === "delete-replaced";
}

/** Whether the steps of a resource delete the old one before they create its replacement. */
export function isOldFirst(own: Step[]): boolean {
  const deletion = own.findIndex(({ op }) => op === "delete-replaced");
  const creation = own.findIndex(({ op }) => op === "create-replacement");
  return deletion !== -1 && creation !== -1 && deletion < creation;
}

/** The new state of the resource, or the old one if it is deleted. */
export function stateOf({ newState, oldState }: Step): State | undefined {
  return newState ?? oldState;
}

/** The new state of each resource, or the old one if it is deleted, by URN. */
export function statesOf(steps: Step[]): Map<string, State | undefined> {
  const old = steps.filter(({ newState }) => !newState);
  const now = steps.filter(({ newState }) => newState);
  return new Map([...old, ...now].map((step) => [step.urn, stateOf(step)]));
}
