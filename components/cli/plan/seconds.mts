import { TYPES } from "../../model/types.ts";
import type { Graph } from "./graph.mts";
import { isJob, labelOf, ownersOf, type Part } from "./parts.mts";
import { isChange, isRemoval, type State, type Step, stateOf, statesOf } from "./steps.mts";

/**
 * Typical durations in seconds, measured on two processors: stop a container, create one, start one until it is healthy,
 * run a job, upgrade a small database to another major version (writes wait meanwhile), start the server's front door.
 */
const TYPICAL = { stop: 0.5, create: 0.3, healthy: 1.5, job: 3, upgrade: 7, door: 3, other: 0.2 };

/**
 * Estimates the downtime of a single-instance resource in whole seconds: from its deletion until its replacement is healthy.
 * Counts the steps in between that it depends on. Replicas are created in parallel, so they count once.
 */
export function downtimeSeconds({ steps: own }: Part, steps: Step[], graph: Graph): number {
  const changes = steps.filter((step) => isChange(step) && step.op !== "replace");
  const indexes = own.map((step) => changes.indexOf(step)).filter((index) => index !== -1);
  const between = changes.slice(Math.min(...indexes), Math.max(...indexes) + 1);
  const last = changes[Math.max(...indexes)]?.urn ?? "";
  const waitedFor = between.filter((step) => isRemoval(step) || step.urn === last || graph.reaches(last, step.urn));

  const owners = ownersOf(steps);
  const states = statesOf(steps);
  const work = new Map<string, number>();
  for (const step of waitedFor) {
    const state = stateOf(step);
    if (!state) continue;
    const started = states.get(owners.get(step.urn) ?? "");
    const subject = labelOf(started ?? state, "service") ?? step.urn;
    work.set(`${isRemoval(step)} ${started !== undefined} ${subject}`, typical(step, state, started));
  }
  const door = own.some(movesToFrontDoor) ? TYPICAL.door : 0;
  return Math.max(1, Math.round([...work.values()].reduce((sum, seconds) => sum + seconds, door)));
}

function typical(step: Step, { type }: State, started: State | undefined): number {
  if (isRemoval(step)) return type === TYPES.container ? TYPICAL.stop : 0;
  if (type === TYPES.container) return TYPICAL.create + (isUpgrade(step) ? TYPICAL.upgrade : 0);
  if (started) return isJob(started) ? TYPICAL.job : TYPICAL.healthy;
  return type.startsWith("berth:") || type.startsWith("random:") ? 0 : TYPICAL.other;
}

/** Whether an edge's sandbox no longer has public ports: the front door takes them over after nginx is healthy. */
function movesToFrontDoor({ oldState, newState }: Step): boolean {
  const publishes = (state: State | undefined) =>
    Array.isArray(state?.inputs["ports"]) && state.inputs["ports"].length > 0;
  return newState !== undefined && publishes(oldState) && !publishes(newState);
}

/** Whether the container is created after an upgrade, which copies all data. */
function isUpgrade({ oldState, newState }: Step): boolean {
  if (!oldState || !newState) return false;
  const upgrade = labelOf(newState, "upgrade");
  return upgrade !== undefined && upgrade !== labelOf(oldState, "upgrade");
}
