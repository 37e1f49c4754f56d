import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { volumeProblems } from "../model/name-rules";
import { TYPES } from "../model/types";
import { labels, scopedName, thisStack } from "../naming";
import { refuse } from "../problems";
import { type InStack, scopeOf } from "./scope";

export interface VolumeArgs {
  /** The stack it belongs to. */
  stack: InStack;
}

/**
 * A named volume for data that matters. It outlives the stack: `pulumi destroy` leaves it on the server, and the next `pulumi up`
 * of the same stack finds it again by its name. It is deleted only when the setting `forceDestroyData` is the stack's name.
 */
export class Volume extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, { stack }: VolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.dataVolume, name, {}, opts);
    refuse(`the volume ${name}`, volumeProblems(thisStack(), name), this);
    const { volumes } = scopeOf(stack).add(this);
    const volume = new docker.Volume(
      name,
      { name: scopedName(name), labels: labels({ service: name }) },
      {
        parent: this,
        provider: stack.server.docker,
        retainOnDelete: stack.server.keepsData,
        deleteBeforeReplace: false,
      },
    );
    this.name = volume.name;
    volumes.push(this.name);
    this.registerOutputs({ name: this.name });
  }
}
