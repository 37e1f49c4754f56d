/** A condition that the watch has seen. */
export interface Condition {
  /** Kind and name, e.g. `site:outside`. */
  key: string;
  /** `waiting`: too short to be reported. `ending`: not seen any more, but not over yet. */
  state: "waiting" | "open" | "ending";
  /** ISO 8601, UTC. */
  since: string;
  text: string;
  /** What to do. */
  advice: string;
}

/** A target that messages do not reach. */
interface FailingTarget {
  target: string;
  since: string;
  error: string;
}

/** What the watch on the server has seen. */
export interface Watch {
  /** Time of the last run; null if it has not run yet. ISO 8601, UTC. */
  lastRun: string | null;
  /** Seconds since the last run, by the server's clock; null if it has not run yet. */
  age: number | null;
  conditions: Condition[];
  failing: FailingTarget[];
}

/** Parses the output of alerts.sh; undefined if the server has no watch of the stack. */
export function parseWatch(printed: string): Watch | undefined {
  const lines = printed.split("\n");
  const of = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1).split("\t"));
  const [watch] = of("watch");
  if (!watch) return undefined;
  const [now = "", last = ""] = watch[0]?.split(" ") ?? [];
  return {
    lastRun: last === "" ? null : timeOf(last),
    age: last === "" ? null : Number(now) - Number(last),
    conditions: of("condition").flatMap(conditionOf),
    failing: of("failing").map(([since = "", target = "", error = ""]) => ({ target, since: timeOf(since), error })),
  };
}

function conditionOf([key = "", state, since = "", , , , text = "", advice = ""]: string[]): Condition[] {
  if (state !== "waiting" && state !== "open" && state !== "ending") return [];
  return [{ key, state, since: timeOf(since), text, advice }];
}

function timeOf(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000", "");
}

/** How a target answered a test message. */
export interface Tested {
  target: string;
  sent: boolean;
  error: string;
}

/** Parses the output of alerts-test.sh. */
export function parseTested(printed: string): Tested[] {
  return printed.split("\n").flatMap((line) => {
    const [result, target = "", error = ""] = line.split("\t");
    return result === "sent" || result === "failed" ? [{ target, sent: result === "sent", error }] : [];
  });
}
