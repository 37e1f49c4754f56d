import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { labels, scopedName } from "../naming";

export interface VolumeArgs {
  server: Server;
}

/**
 * A named volume for data that matters. It outlives the stack: `pulumi destroy` leaves it on the server, and the next `pulumi up`
 * of the same stack finds it again by its name. Only a server that was told the stack's name (`deleteData`) lets go of it.
 */
export class Volume extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Volume", name, {}, opts);
    const volume = new docker.Volume(
      name,
      { name: scopedName(name), labels: labels({ service: name }) },
      { parent: this, provider: args.server.docker, retainOnDelete: args.server.keepsData, deleteBeforeReplace: false },
    );
    this.name = volume.name;
    this.registerOutputs({ name: this.name });
  }
}
