import { utcMinute } from "../terminal/local-time.mts";
import type { Condition, Tested, Watch } from "./watch.mts";

/** Seconds after which the watch, which runs every minute, is a problem itself. */
const WATCH_IS_OLD = 600;

/** Whether there is nothing to do about the watch, the stack and the delivery of messages. */
export function isWell({ age, conditions, failing }: Watch): boolean {
  return (
    age !== null && age < WATCH_IS_OLD && failing.length === 0 && conditions.every(({ state }) => state !== "open")
  );
}

/** Formats what the watch has seen as text. */
export function asText(watch: Watch, unit: string): string {
  const { conditions, failing } = watch;
  const waiting = conditions.filter(({ state }) => state === "waiting").length;
  const reported = conditions.filter(({ state }) => state !== "waiting");
  return [
    lastRunText(watch, unit),
    ...(reported.length === 0 ? ["No alert is open."] : reported.flatMap((one) => ["", ...linesOf(one)])),
    ...(waiting > 0 ? ["", `Seen, but not long enough to be reported: ${waiting}`] : []),
    ...failing.flatMap(({ target, since, error }) => [
      "",
      `Messages have not reached ${target} since ${utcMinute(since)} UTC: ${error}`,
    ]),
  ].join("\n");
}

function lastRunText({ lastRun, age }: Watch, unit: string): string {
  if (lastRun === null || age === null)
    return `The watch has not run yet. On the server: systemctl status ${unit}.timer`;
  const seen = `Last seen by the watch: ${utcMinute(lastRun)} UTC`;
  if (age < WATCH_IS_OLD) return seen;
  return `${seen}, ${Math.floor(age / 60)} min ago. IT DOES NOT RUN. On the server: systemctl status ${unit}.timer ${unit}.service`;
}

function linesOf({ text, advice, since, state }: Condition): string[] {
  const ending = state === "ending" ? " (ending)" : "";
  return [`${text}${ending}`, `  Since ${utcMinute(since)} UTC. What to do: ${advice}`];
}

/** Formats the results of a test. */
export function testedText(tested: Tested[]): string {
  return tested
    .map(({ target, sent, error }) => (sent ? `Sent to ${target}.` : `NOT SENT to ${target}: ${error}`))
    .join("\n");
}
