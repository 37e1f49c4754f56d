import * as pulumi from "@pulumi/pulumi";
import { type Label, type LabelArg, labelArgs } from "./model/labels";
import { scopedNameOf, stackNameOf } from "./model/names";

/** The stack's name on its server: `<project>-<stack>`. */
export function stackName(): string {
  return stackNameOf(thisStack());
}

/** A name that no other stack on the same server has: `<project>-<stack>-<name>`. */
export function scopedName(name: string): string {
  return scopedNameOf(thisStack(), name);
}

/** Project and stack of the running program. */
export function thisStack() {
  return { project: pulumi.getProject(), stack: pulumi.getStack() };
}

/** The Docker labels that identify an object of a stack, its project and its stack, and the given ones. */
export function labels(own: Partial<Record<Label, pulumi.Input<string>>>): LabelArg<pulumi.Input<string>>[] {
  return labelArgs({ ...thisStack(), ...own });
}
