import { imageOf, majorOf } from "../../model/image.ts";
import { TYPES } from "../../model/types.ts";
import type { Graph } from "./graph.mts";
import { isJob, labelOf, type Part } from "./parts.mts";
import { downtimeSeconds } from "./seconds.mts";
import { isOldFirst, isRemoval, type State, type Step, stateOf } from "./steps.mts";

/** The impact of a change on users of the site. */
export type Mark =
  | { kind: "no downtime" }
  /** Downtime in seconds; undefined if the service is removed for good. */
  | { kind: "downtime"; seconds?: number }
  /** Downtime in seconds; undefined without downtime. */
  | { kind: "data change"; seconds?: number };

const NO_DOWNTIME: Mark = { kind: "no downtime" };

/** Judges a part by its resource's type, labels, mounts and image, and by the order of deletion and creation. */
export function markOf(part: Part, steps: Step[], graph: Graph): Mark {
  const own = part.steps.filter(({ urn }) => urn === part.urn);
  const [before, after] = [
    own.find(({ oldState }) => oldState)?.oldState,
    own.find(({ newState }) => newState)?.newState,
  ];
  const state = after ?? before;
  if (!state) return NO_DOWNTIME;
  const downtime = servesRequests(state) && isOldFirst(own) ? { seconds: downtimeSeconds(part, steps, graph) } : {};
  if (changesData(own, state, before, after, steps)) return { kind: "data change", ...downtime };
  if (downtime.seconds !== undefined) return { kind: "downtime", ...downtime };
  return servesRequests(state) && isRemovedForGood(part.urn, own, state, steps) ? { kind: "downtime" } : NO_DOWNTIME;
}

/** Whether other services or users depend on its answers: networks and services, not jobs or background workers. */
function servesRequests(state: State): boolean {
  if (state.type === TYPES.network) return true;
  return state.type === TYPES.container && !isJob(state) && labelOf(state, "background") === undefined;
}

function changesData(
  own: Step[],
  state: State,
  before: State | undefined,
  after: State | undefined,
  steps: Step[],
): boolean {
  if (state.type === TYPES.volume) return own.some(isRemoval);
  if (state.type !== TYPES.container || !after) return false;
  if (isJob(state)) return runsMigrations(before, after) && hasData(steps);
  return before !== undefined && writesVolumes(after) && changesVersion(before.inputs["image"], after.inputs["image"]);
}

/** Whether the job runs new migrations, or does not declare its migrations. */
function runsMigrations(before: State | undefined, after: State): boolean {
  const migrations = labelOf(after, "migrations");
  return migrations === undefined || before === undefined || labelOf(before, "migrations") !== migrations;
}

/** Whether the stack had volumes before this release. */
function hasData(steps: Step[]): boolean {
  return steps.some(({ oldState }) => oldState?.type === TYPES.volume);
}

function writesVolumes({ inputs }: State): boolean {
  const mounts = Array.isArray(inputs["mounts"]) ? inputs["mounts"] : [];
  return mounts.some(({ type, readOnly }) => type === "volume" && readOnly !== true);
}

/** Whether the program or its major version changes, which may change the format of its data. */
function changesVersion(before: unknown, after: unknown): boolean {
  const versioned = majorOf(before) !== undefined || majorOf(after) !== undefined;
  return versioned && (majorOf(before) !== majorOf(after) || imageOf(before).repository !== imageOf(after).repository);
}

/** Whether the release removes the last container of a service. */
function isRemovedForGood(urn: string, own: Step[], state: State, steps: Step[]): boolean {
  const service = labelOf(state, "service");
  return (
    own.some(({ op }) => op === "delete") &&
    !steps.some((step) => step.urn !== urn && step.newState && labelOf(stateOf(step) ?? state, "service") === service)
  );
}
