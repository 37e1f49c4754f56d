import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface SecretArgs {
  /** Number of characters to generate. Default: 50. */
  length?: number;
  /** The value. Default: a generated one. */
  value?: pulumi.Input<string> | undefined;
  /** Raise it to generate a new value. Default: 1. */
  version?: number;
  /** The previous value, where `value` is given. Default: none. */
  previous?: pulumi.Input<string> | undefined;
}

/** A secret value: generated once per version, encrypted in the state, and passed to containers as a file. */
export class Secret extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** Previous values that must still be accepted, one per line; empty without any. */
  readonly previous: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("berth:secret:Secret", name, {}, opts);
    const { value, version = 1, previous } = args;
    // One resource per version, so that the previous value is still known beside the new one.
    const generated = (which: number) =>
      new random.RandomPassword(
        `${name}-v${which}`,
        // Letters and digits only: the value is used in URLs, connection strings and terminals.
        { length: args.length ?? 50, special: false },
        { parent: this },
      ).result;
    const before = [...(previous ? [previous] : []), ...(version > 1 ? [generated(version - 1)] : [])];
    this.value = pulumi.secret(value ?? generated(version));
    this.previous = pulumi.secret(pulumi.all(before).apply((values) => values.join("\n")));
    this.registerOutputs({});
  }
}
