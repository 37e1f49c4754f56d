import * as pulumi from "@pulumi/pulumi";

/** The stack's name on its server: `<project>-<stack>`. */
export function stackName(): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}`;
}

/** A name that no other stack on the same server has: `<project>-<stack>-<name>`. */
export function scopedName(name: string): string {
  return `${stackName()}-${name}`;
}

/** Docker labels that identify a stack's objects: `berth.project`, `berth.stack` and the given ones. */
export function labels(own: Record<string, pulumi.Input<string>>): { label: string; value: pulumi.Input<string> }[] {
  return Object.entries({ project: pulumi.getProject(), stack: pulumi.getStack(), ...own }).map(([key, value]) => ({
    label: `berth.${key}`,
    value,
  }));
}
