import { z } from "zod";

/** What a preview knows of a resource before or after the release. Secrets in it are masked already. */
const State = z.object({
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  dependencies: z.array(z.string()).nullish(),
  /** By the name of an input, the resources it follows from. */
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  /** Deleting it only forgets it. */
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
 * Reads what `pulumi preview --json --show-replacement-steps --show-sames` printed.
 * @throws when it is something else.
 */
export function readPreview(text: string): Preview {
  return Preview.parse(JSON.parse(text));
}

/** What stands in a preview where a value is known only when the release has come that far. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What stands there instead of a secret. */
export const SECRET = "[secret]";

/** Whether it is, or contains, a value that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return JSON.stringify(value)?.includes(UNKNOWN) ?? false;
}

/** Whether the step changes anything. */
export function isChange({ op }: Step): boolean {
  return op !== "same" && op !== "read" && op !== "refresh";
}

/** Whether it takes something away: what is gone for good, or the old one of what is replaced. */
export function isRemoval({ op }: Step): boolean {
  return op === "delete" || op === "delete-replaced";
}

/** Whether, of a resource with these steps, the old one is removed before the new one is made. */
export function isOldFirst(own: Step[]): boolean {
  const removed = own.findIndex(({ op }) => op === "delete-replaced");
  const made = own.findIndex(({ op }) => op === "create-replacement");
  return removed !== -1 && made !== -1 && removed < made;
}

/** The state that says most of the resource: the new one where there is one. */
export function stateOf({ newState, oldState }: Step): State | undefined {
  return newState ?? oldState;
}

/** By its URN, the state that says most of each resource, whichever of its steps has it. */
export function statesOf(steps: Step[]): Map<string, State | undefined> {
  const old = steps.filter(({ newState }) => !newState);
  const now = steps.filter(({ newState }) => newState);
  return new Map([...old, ...now].map((step) => [step.urn, stateOf(step)]));
}
