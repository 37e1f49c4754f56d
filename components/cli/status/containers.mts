import { withoutDigest } from "../../model/image.ts";
import { type Inspected, isAsExpected, isLeftToComplete, isTask, nameOf } from "../../model/inspected.ts";
import { labelIn } from "../../model/labels.ts";
import { shortName } from "../../model/names.ts";
import { presenceByName } from "../../model/presence.ts";
import { hint } from "../terminal/hint.mts";
import type { Expected } from "./expected.mts";
import type { Observed } from "./observed.mts";

/** A container in the output of `berth status`. */
export interface ShownContainer {
  service: string;
  name: string;
  /** Name and tag without the registry; a digest is shortened to 12 digits. */
  image: string;
  /** `running`, `exited`, … */
  state: string;
  exitCode: number;
  outOfMemory: boolean;
  /** Time it started, or stopped; null if it never started. ISO 8601, UTC. */
  since: string | null;
  health: string | null;
  restarts: number;
  /** MiB; null where unknown. */
  memory: { used: number | null; limit: number };
}

/** The containers of a stack and their problems. */
export function containersOf(
  expected: Expected,
  observed: Observed,
): { containers: ShownContainer[]; problems: string[] } {
  const containers = observed.containers
    .filter((one) => !isTask(one) || one.State.Status === "running")
    .map((one) => ({ one, shown: shownContainer(expected, one, observed) }))
    .sort((one, other) => one.shown.name.localeCompare(other.shown.name));
  const known = containers.filter(({ one }) => !isLeftToComplete(one));
  const problems = known.flatMap(({ one, shown }) => problemsOf(expected.stack, one, shown));
  // Pulumi knows services of a Swarm, not their containers.
  const there = known.filter(({ one }) => !isTask(one)).map(({ shown }) => shown.name);
  return { containers: containers.map(({ shown }) => shown), problems: [...problems, ...unexpected(expected, there)] };
}

function shownContainer(expected: Expected, one: Inspected, { memory }: Observed): ShownContainer {
  const { State, Config, HostConfig } = one;
  const used = memory[one.Id];
  const since = State.Status === "exited" ? State.FinishedAt : State.StartedAt;
  return {
    service: labelIn(Config.Labels, "service") ?? "",
    name: shortName(expected, nameOf(one)),
    image: shortImage(Config.Image),
    state: State.Status,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    // Docker writes year 1 for never.
    since: since === "" || since.startsWith("0001-") ? null : since,
    health: State.Health?.Status ?? null,
    restarts: one.RestartCount,
    memory: { used: used === undefined ? null : mebibytes(used), limit: mebibytes(HostConfig.Memory) },
  };
}

/** Name and tag, without the registry; the start of the digest only without a tag. */
function shortImage(reference: string): string {
  const name = reference.replace(/^.*\//, "");
  return /:.*@/.test(name) ? withoutDigest(name) : name.replace(/(sha256:.{12}).*/, "$1");
}

function problemsOf(stack: string, one: Inspected, { name, service, health }: ShownContainer): string[] {
  const { State } = one;
  const runs = isAsExpected(one) && State.Status !== "restarting";
  const said = State.Health?.Log?.findLast(({ Output }) => Output !== "")?.Output ?? "";
  return [
    ...(runs ? [] : [`${name} does not run. Its log says why: ${hint(stack, "logs", service)}`]),
    ...(health === "unhealthy" ? [`${name} is unhealthy: ${JSON.stringify(said.trim()).slice(0, 300)}`] : []),
  ];
}

/** Compares the containers on the server with those in the state. */
function unexpected(expected: Expected, existing: string[]): string[] {
  const [wanted = [], leaving = []] = [expected.containers, expected.leaving].map((names) =>
    names.map((name) => shortName(expected, name)),
  );
  const { deployed, unknown } = presenceByName(wanted, existing, leaving);
  return [
    ...deployed
      .filter((container) => container.existing === undefined)
      .map(({ resource }) => `${resource} is missing: it was removed without Pulumi.`),
    ...unknown.map((name) => `${name} is not known to Pulumi. A deployment that was killed may have left it.`),
  ];
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576);
}
