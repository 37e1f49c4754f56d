import type { Facts } from "./facts.mts";

/** `problem`: a deployment fails or does harm; `warning`: it works, and somebody should know; `skipped`: it cannot be checked here. */
export type Status = "ok" | "warning" | "problem" | "skipped";

export interface Check {
  /** Name of the check. */
  name: string;
  status: Status;
  /** Observation. */
  found: string;
  /** What to do; empty if nothing. */
  advice: string;
}

/** Checks one aspect of the facts. Undefined if it does not apply to the stack. */
export type Judgement = (facts: Facts) => Check | undefined;

export const ok = (name: string, found: string): Check => ({ name, status: "ok", found, advice: "" });
export const skipped = (name: string, found: string): Check => ({ name, status: "skipped", found, advice: "" });

export const warning = (name: string, found: string, advice: string): Check => {
  return { name, status: "warning", found, advice };
};

export const problem = (name: string, found: string, advice: string): Check => {
  return { name, status: "problem", found, advice };
};
