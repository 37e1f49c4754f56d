import { styleText } from "node:util";
import { table } from "../terminal/table.mts";
import type { Check, Status } from "./check.mts";
import type { Diagnosis } from "./doctor.mts";

const STYLES = { ok: "green", warning: "yellow", problem: "red", skipped: "gray" } as const;

/** A diagnosis for people: a row for each check, and below it what to do. */
export function asText({ stack, checks }: Diagnosis): string {
  const rows = checks.map(({ name, status, found }) => [painted(status, status), name, found]);
  const todo = checks.filter(({ advice }) => advice !== "");
  return [
    table(["STATUS", "CHECK", "FOUND"], rows),
    "",
    ...(todo.length > 0 ? ["What to do:", ...todo.map(line), ""] : []),
    summary(stack, checks),
  ].join("\n");
}

function line({ name, status, advice }: Check): string {
  return `  ${painted(status, name)}: ${advice}`;
}

function summary(stack: string, checks: Check[]): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  const remarks = `${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  if (problems > 0) {
    return `${problems} ${problems === 1 ? "problem keeps" : "problems keep"} the stack ${stack} from being deployed; ${remarks}.`;
  }
  return `Nothing that was checked keeps the stack ${stack} from being deployed; ${remarks}.`;
}

/** Only on a terminal, and not where NO_COLOR is set. */
function painted(status: Status, text: string): string {
  return styleText(STYLES[status], text, { stream: process.stdout });
}
