import * as pulumi from "@pulumi/pulumi";

/** A name that no other stack on the same server has: `<project>-<stack>-<name>`. */
export function scopedName(name: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
}

/** Docker labels by which everything of a stack is found again: `berth.project`, `berth.stack` and those given. */
export function labels(own: Record<string, pulumi.Input<string>>): { label: string; value: pulumi.Input<string> }[] {
  return Object.entries({ project: pulumi.getProject(), stack: pulumi.getStack(), ...own }).map(([key, value]) => ({
    label: `berth.${key}`,
    value,
  }));
}
