/**
 * `problem`: a deployment fails or does harm; `warning`: it works, with a risk; `info`: it works, and the server could do more;
 * `skipped`: the check does not apply or cannot run.
 */
export type Status = "ok" | "info" | "warning" | "problem" | "skipped";

export interface Check {
  name: string;
  status: Status;
  /** Observation. */
  found: string;
  /** Recommended action; empty if there is none. */
  advice: string;
}

export const ok = (name: string, found: string): Check => ({ name, status: "ok", found, advice: "" });
export const skipped = (name: string, found: string): Check => ({ name, status: "skipped", found, advice: "" });

export const info = (name: string, found: string, advice: string): Check => {
  return { name, status: "info", found, advice };
};

export const warning = (name: string, found: string, advice: string): Check => {
  return { name, status: "warning", found, advice };
};

export const problem = (name: string, found: string, advice: string): Check => {
  return { name, status: "problem", found, advice };
};
