import type { Check } from "../../remote/server/check.mts";
import type { Facts } from "./facts.mts";

export * from "../../remote/server/check.mts";

/** Checks one aspect of the facts. Undefined if it does not apply to the stack. */
export type Judgement = (facts: Facts) => Check | undefined;
