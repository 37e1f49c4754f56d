import * as pulumi from "@pulumi/pulumi";

/** @throws pulumi.ResourceError that lists all problems in a component's arguments, if there are any. */
export function refuse(what: string, problems: readonly string[], resource: pulumi.Resource): void {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  throw new pulumi.ResourceError(`The arguments of ${what} are invalid:\n${list}`, resource);
}
