import { isJob as runsOnce } from "../../model/container.ts";
import { type Label, labelIn, labelsIn } from "../../model/labels.ts";
import { nameOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { isChange, type State, type Step, stateOf } from "./steps.mts";

/** Something people see as one: a container with the gate that starts it, an image, a volume, … */
export interface Part {
  /** Its resource: the container, where there is one. */
  urn: string;
  /** What happens to its resource and to those that serve it, in order. */
  steps: Step[];
}

/** The parts a release changes, in the order in which it begins with them. */
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

/** For each gate, the container it starts: a command that runs again with another container is a part of that. */
export function ownersOf(steps: Step[]): Map<string, string> {
  const containers = new Set(steps.filter((step) => stateOf(step)?.type === TYPES.container).map(({ urn }) => urn));
  const owners = new Map<string, string>();
  for (const step of steps) {
    const state = stateOf(step);
    if (state?.type !== TYPES.command) continue;
    const [container] = (state.propertyDependencies?.["triggers"] ?? []).filter((urn) => containers.has(urn));
    if (container) owners.set(step.urn, container);
  }
  return owners;
}

/** Whether people would look for it: components say it all by their children, and a number at random is only part of a name. */
export function isVisible(step: Step): boolean {
  const type = stateOf(step)?.type ?? "";
  return !type.startsWith("pulumi:") && !type.startsWith("berth:") && type !== TYPES.randomId;
}

/** What people call a resource. */
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
    case TYPES.password:
      return `secret ${name}`;
    case TYPES.volume:
      return `volume ${name}`;
    default:
      return name;
  }
}

/** A container that runs once. */
export function isJob({ type, inputs }: State): boolean {
  return type === TYPES.container && runsOnce(inputs);
}

/** A label of a container; undefined where its labels are a secret too. */
export function labelOf({ inputs }: State, label: Label): string | undefined {
  return labelIn(labelsIn(inputs["labels"]), label);
}
