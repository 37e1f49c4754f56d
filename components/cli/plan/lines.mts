import { nameOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { baseImageReasons } from "./base-images.mts";
import { Graph } from "./graph.mts";
import { type Mark, markOf } from "./mark.mts";
import { isJob, labelOf, type Part, partsOf, subjectOf } from "./parts.mts";
import { reasonsOf } from "./reasons.mts";
import { isOldFirst, isRemoval, type State, type Step, stateOf } from "./steps.mts";

/** One line of the plan. */
export interface Line {
  /** Resources, e.g. `backend-1` or `volume pdf_storage`; several for replicas with the same change. */
  subjects: string[];
  /** The change, e.g. `replaced, new before old`. */
  event: string;
  /** Reasons for the change. */
  reasons: string[];
  mark: Mark;
}

/** The changes of a release in order of execution; empty if there are none. */
export function linesOf(steps: Step[]): Line[] {
  const parts = partsOf(steps);
  const graph = new Graph(steps);
  const lines = [...parts.flatMap((part) => lineOf(part, steps, graph)), ...cleanUpLine(steps)];
  return combineReplicas(lines.sort((one, other) => one.at - other.at));
}

/** A line with its position and its service, for sorting and grouping. */
interface PositionedLine extends Line {
  /** Index of its first step. */
  at: number;
  /** Service of which it is a replica. */
  service: string | undefined;
}

function lineOf(part: Part, steps: Step[], graph: Graph): PositionedLine[] {
  const own = part.steps.filter(({ urn }) => urn === part.urn);
  const at = Math.min(...startOf(part, own).map((step) => steps.indexOf(step)));
  const before = own.find(({ oldState }) => oldState)?.oldState;
  const after = own.findLast(({ newState }) => newState)?.newState;
  const state = after ?? before;
  if (!state) return commandLine(part, steps).map((line) => ({ at, ...line }));
  if (own.every(isRemoval) && isInvisible(state)) return [];
  const event = eventOf(own, state, part.steps.length > own.length);
  const reasons = [...allReasons(part.urn, before, after, graph), ...baseImageReasons(part.urn, steps)];
  const mark = markOf(part, steps, graph);
  const service = state.type === TYPES.container ? labelOf(state, "service") : undefined;
  return [{ at, subjects: [subjectOf(part.urn, state)], event, reasons, mark, service }];
}

/** The steps that start a container; if the old one is deleted first, all steps, as the downtime starts earlier. */
function startOf({ urn, steps }: Part, own: Step[]): Step[] {
  const starts = steps.filter((step) => step.urn !== urn && !isRemoval(step));
  return starts.length > 0 && !isOldFirst(own) ? starts : steps;
}

/** The line of a container or image of which only the command changes. */
function commandLine(part: Part, steps: Step[]): Omit<PositionedLine, "at">[] {
  const state = stateOf(steps.find(({ urn }) => urn === part.urn) ?? part.steps[0] ?? { op: "", urn: part.urn });
  const subjects = [subjectOf(part.urn, state)];
  if (state?.type === TYPES.image || state?.type === TYPES.pushed) {
    const event = "build repeated; an image that exists stays";
    const reasons = part.steps.flatMap(({ oldState, newState }) =>
      oldState && newState ? reasonsOf(oldState, newState) : [],
    );
    return part.steps.every(isRemoval) ? [] : [{ subjects, event, reasons, mark: NO_DOWNTIME, service: undefined }];
  }
  // Only its gate runs: the previous release failed before the container was healthy.
  return [
    {
      subjects,
      event: state !== undefined && isJob(state) ? "runs again" : "started and health-checked",
      reasons: ["its health gate changed, or the last release stopped before it"],
      mark: NO_DOWNTIME,
      service: state && labelOf(state, "service"),
    },
  ];
}

/** Deleted images stay on the server, and commands without a delete script do nothing. */
function isInvisible({ type, inputs }: State): boolean {
  return type === TYPES.image || type === TYPES.pushed || (type === TYPES.command && inputs["delete"] === undefined);
}

/** A container that Pulumi retains, its component removes: that of a scheduled job. */
function isKept({ type, retainOnDelete }: State): boolean {
  return retainOnDelete && type !== TYPES.container;
}

function eventOf(own: Step[], state: State, isBuilt: boolean): string {
  const has = (op: string) => own.some((step) => step.op === op);
  if (has("delete")) return isKept(state) ? "no longer used; kept on the server with its data" : "removed";
  switch (state.type) {
    case TYPES.command:
      if (has("create") && nameOf(own[0]?.urn ?? "").endsWith("-joined")) {
        return "joins the Swarm; without live-restore, its containers stop while Docker restarts";
      }
      return has("create") ? "runs" : "runs again";
    case TYPES.image:
      return isBuilt ? "built" : "pulled";
    case TYPES.pushed:
      return isBuilt ? "built and pushed to the registry" : "pushed to the registry";
    case TYPES.container:
      if (isJob(state)) return "runs";
      break;
    case TYPES.volume:
      if (has("create-replacement"))
        return "replaced by an empty volume; the old one is kept on the server with its data";
      break;
  }
  if (has("create")) return "created";
  if (has("update")) return "changed in place";
  return `replaced, ${isOldFirst(own) ? "old before new" : "new before old"}`;
}

function allReasons(urn: string, before: State | undefined, after: State | undefined, graph: Graph): string[] {
  if (!after) return [];
  if (!before) return ["new"];
  const reasons = reasonsOf(before, after);
  const causes = graph.causesOf(urn, before, after);
  const follows = reasons.length + causes.length > 0 ? causes : graph.neighboursOf(urn, after);
  return [...reasons, ...(follows.length > 0 ? [`follows ${follows.join(", ")}`] : [])];
}

/** Combines replicas with the same change and reasons into one line. */
function combineReplicas(lines: PositionedLine[]): Line[] {
  const together = new Map<string, Line>();
  for (const { at: _, service, ...line } of lines) {
    const { subjects, ...rest } = line;
    const key = JSON.stringify([service ?? subjects, rest]);
    const first = together.get(key);
    if (first) first.subjects = [...first.subjects, ...subjects].sort();
    else together.set(key, line);
  }
  return [...together.values()];
}

/** One line for the deletion of replaced resources, which Pulumi does at the end of the release. */
function cleanUpLine(steps: Step[]): PositionedLine[] {
  const created = new Set<string>();
  const removed = steps.filter(({ op, urn }) => {
    if (op === "create-replacement") created.add(urn);
    return op === "delete-replaced" && created.has(urn);
  });
  const visible = removed.filter(
    ({ oldState }) => oldState && VISIBLY_REMOVED.has(oldState.type) && !isInvisible(oldState),
  );
  const [first] = visible;
  if (!first) return [];
  const subjects = visible.map(({ urn, oldState }) => subjectOf(urn, oldState));
  const line = {
    subjects,
    event: "previous versions drained and removed",
    reasons: [],
    mark: NO_DOWNTIME,
    service: undefined,
  };
  return [{ at: steps.indexOf(first), ...line }];
}

const NO_DOWNTIME: Mark = { kind: "no downtime" };
const VISIBLY_REMOVED = new Set<string>([TYPES.container, TYPES.service, TYPES.command]);
