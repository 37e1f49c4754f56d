import type { Facts } from "./facts.mts";

/** `problem`: a deployment fails or does harm; `warning`: it works, and somebody should know; `skipped`: it cannot be checked here. */
export type Status = "ok" | "warning" | "problem" | "skipped";

export interface Check {
  /** What was looked at. */
  name: string;
  status: Status;
  /** What there is. */
  found: string;
  /** What to do; empty where there is nothing to do. */
  advice: string;
}

/** Judges one thing by what was observed. Undefined where it does not concern the stack. */
export type Judgement = (facts: Facts) => Check | undefined;

export const ok = (name: string, found: string): Check => ({ name, status: "ok", found, advice: "" });
export const skipped = (name: string, found: string): Check => ({ name, status: "skipped", found, advice: "" });

export const warning = (name: string, found: string, advice: string): Check => {
  return { name, status: "warning", found, advice };
};

export const problem = (name: string, found: string, advice: string): Check => {
  return { name, status: "problem", found, advice };
};
