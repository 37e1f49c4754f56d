import { isJob as runsOnce } from "../../model/container.ts";
import { type Label, labelIn, labelsIn } from "../../model/labels.ts";
import { nameOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { isChange, type State, type Step, stateOf } from "./steps.mts";

/** A unit of the plan: a container with its gate, an image with its build, a volume, … */
export interface Part {
  /** URN of its main resource; of the container or image, if there is one. */
  urn: string;
  /** Steps of its resources, in order. */
  steps: Step[];
}

/** The parts that a release changes, in order of their first step. */
export function partsOf(steps: Step[]): Part[] {
  const owners = ownersOf(steps);
  const parts = new Map<string, Part>();
  for (const step of steps.filter((one) => isChange(one) && isVisible(one))) {
    const urn = owners.get(step.urn) ?? step.urn;
    const part = parts.get(urn) ?? { urn, steps: [] };
    part.steps.push(step);
    parts.set(urn, part);
  }
  return [...parts.values()];
}

/** What a gate starts: a container, or the service of a Swarm. */
const RUNS = new Set<string>([TYPES.container, TYPES.service]);

/** The container of each gate and the image of each build, by the URN of the command. */
export function ownersOf(steps: Step[]): Map<string, string> {
  const states = steps.flatMap((step) => {
    const state = stateOf(step);
    return state ? [{ urn: step.urn, state }] : [];
  });
  const containers = new Set(states.filter(({ state }) => RUNS.has(state.type)).map(({ urn }) => urn));
  const owners = new Map<string, string>();
  for (const { urn, state } of states) {
    if (state.type === TYPES.command) {
      // A gate is a command that a container triggers.
      const [container] = (state.propertyDependencies?.["triggers"] ?? []).filter((other) => containers.has(other));
      if (container) owners.set(urn, container);
    }
    if (state.type === TYPES.image || state.type === TYPES.pushed) {
      const build = `${nameOf(urn).replace(/-pushed$/, "")}-built`;
      const command = state.dependencies?.find((other) => nameOf(other) === build);
      if (command) owners.set(command, urn);
    }
  }
  return owners;
}

/** Whether the plan shows the resource. It hides components, whose children it shows, and random suffixes of names. */
export function isVisible(step: Step): boolean {
  const type = stateOf(step)?.type ?? "";
  return !type.startsWith("pulumi:") && !type.startsWith("berth:") && type !== TYPES.randomId;
}

/** Name of a resource in the plan. */
export function subjectOf(urn: string, state: State | undefined): string {
  const name = nameOf(urn);
  switch (state?.type) {
    case TYPES.container:
      return isJob(state) ? `job ${name}` : name;
    case TYPES.image:
    case TYPES.pushed:
      return `image ${name}`;
    case TYPES.network:
      return `network ${name}`;
    case TYPES.secret:
      return `file ${name}`;
    case TYPES.service:
      return `service ${name}`;
    case TYPES.password:
      return `secret ${name}`;
    case TYPES.volume:
      return `volume ${name}`;
    default:
      return name;
  }
}

/** Whether the resource is the container of a job. */
export function isJob({ type, inputs }: State): boolean {
  return type === TYPES.container && runsOnce(inputs);
}

/** A label of a container; undefined if its labels are secret. */
export function labelOf({ inputs }: State, label: Label): string | undefined {
  return labelIn(labelsIn(inputs["labels"]), label);
}
