import { styleText } from "node:util";
import { table } from "../terminal/table.mts";
import type { Check, Status } from "./check.mts";
import type { Diagnosis } from "./doctor.mts";

const STYLES = { ok: "green", info: "cyan", warning: "yellow", problem: "red", skipped: "gray" } as const;

/** Formats a diagnosis as text: a table of the checks, followed by the recommended actions. */
export function asText({ stack, checks }: Diagnosis): string {
  const rows = checks.map(({ name, status, found }) => [coloured(status, status), name, found]);
  const withAdvice = checks.filter(({ advice }) => advice !== "");
  return [
    table(["STATUS", "CHECK", "FOUND"], rows),
    "",
    ...(withAdvice.length > 0 ? ["Recommended actions:", ...withAdvice.map(line), ""] : []),
    summary(stack, checks),
  ].join("\n");
}

function line({ name, status, advice }: Check): string {
  return `  ${coloured(status, name)}: ${advice}`;
}

function summary(stack: string, checks: Check[]): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  const warningCount = `${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  if (problems > 0) {
    return `${problems} ${problems === 1 ? "problem prevents" : "problems prevent"} the deployment of the stack ${stack}; ${warningCount}.`;
  }
  return `No check found a problem with the stack ${stack}; ${warningCount}.`;
}

/** Colours text, only on a terminal and without NO_COLOR. */
function coloured(status: Status, text: string): string {
  return styleText(STYLES[status], text, { stream: process.stdout });
}
