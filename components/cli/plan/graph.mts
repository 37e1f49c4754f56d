import { TYPES } from "../../model/types.ts";
import { isVisible, labelOf, ownersOf, subjectOf } from "./parts.mts";
import { isChange, isOldFirst, isUnknown, type State, type Step, statesOf } from "./steps.mts";

/** Dependencies between the changes of a plan. */
export class Graph {
  readonly #steps: Step[];
  readonly #states: Map<string, State | undefined>;
  readonly #owners: Map<string, string>;

  constructor(steps: Step[]) {
    this.#steps = steps;
    this.#states = statesOf(steps);
    this.#owners = ownersOf(steps);
  }

  /** Whether `from` depends on `to`, directly or through other resources. */
  reaches(from: string, to: string, seen = new Set<string>()): boolean {
    if (seen.has(from)) return false;
    seen.add(from);
    const next = this.#states.get(from)?.dependencies ?? [];
    return next.some((urn) => urn === to || this.reaches(urn, to, seen));
  }

  /** The nearest changes that cause a change which the resource's own inputs do not explain. */
  causesOf(urn: string, before: State, after: State): string[] {
    const { inputs, propertyDependencies } = after;
    const from = (fields: string[]) => fields.flatMap((field) => propertyDependencies?.[field] ?? []);
    const unknown = Object.keys(inputs).filter((field) => isUnknown(inputs[field]));
    return this.#nearest(urn, [
      ...from(unknown),
      ...(labelOf(before, "files") === labelOf(after, "files") ? [] : from(["labels"])),
    ]);
  }

  /** The nearest dependencies that are replaced old before new; without any, the nearest dependencies that change. */
  neighboursOf(urn: string, { dependencies }: State): string[] {
    const removedFirst = (dependencies ?? []).filter((other) =>
      isOldFirst(this.#steps.filter((step) => step.urn === other)),
    );
    return this.#nearest(urn, removedFirst.length > 0 ? removedFirst : (dependencies ?? []));
  }

  #nearest(urn: string, resources: string[]): string[] {
    const causes = new Set(
      resources
        .filter((cause) => this.#steps.some((step) => step.urn === cause && isChange(step) && isVisible(step)))
        .map((cause) => this.#owners.get(cause) ?? cause)
        // The plan shows a changed image by its name.
        .filter((cause) => cause !== urn && this.#states.get(cause)?.type !== TYPES.image),
    );
    return [...causes]
      .filter((cause) => ![...causes].some((other) => other !== cause && this.reaches(other, cause)))
      .map((cause) => subjectOf(cause, this.#states.get(cause)))
      .sort();
  }
}
