import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface SecretArgs {
  /** Number of characters to generate. Default: 50. */
  length?: number;
  /** A value of one's own, instead of a generated one. */
  value?: pulumi.Input<string> | undefined;
  /** Generates another one when it is raised. Default: 1. */
  version?: number;
  /** The value of one's own that was used before. Default: none. */
  previous?: pulumi.Input<string> | undefined;
}

/** A value nobody has to see: generated once a version, kept encrypted in the state, handed to containers as a file. */
export class Secret extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** What was used before, for what still has to be accepted: one a line, or empty. */
  readonly previous: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("berth:secret:Secret", name, {}, opts);
    const { value, version = 1, previous } = args;
    // A resource a version, so that the last one is still known beside the new one.
    const generated = (which: number) =>
      new random.RandomPassword(
        `${name}-v${which}`,
        // Letters and digits only: the value stands in URLs, connection strings and terminals.
        { length: args.length ?? 50, special: false },
        { parent: this },
      ).result;
    const before = [...(previous ? [previous] : []), ...(version > 1 ? [generated(version - 1)] : [])];
    this.value = pulumi.secret(value ?? generated(version));
    this.previous = pulumi.secret(pulumi.all(before).apply((values) => values.join("\n")));
    this.registerOutputs({});
  }
}
