import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface SecretArgs {
  /** Number of characters to generate. Default: 50. */
  length?: number;
  /** A value of one's own, instead of a generated one. */
  value?: pulumi.Input<string> | undefined;
}

/** A value nobody has to see: generated once, kept encrypted in the state, handed to containers as a file. */
export class Secret extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("berth:secret:Secret", name, {}, opts);
    this.value = pulumi.secret(
      args.value ??
        // Letters and digits only: the value stands in URLs, connection strings and terminals.
        new random.RandomPassword(name, { length: args.length ?? 50, special: false }, { parent: this }).result,
    );
    this.registerOutputs({});
  }
}
