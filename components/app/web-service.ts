import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import { imageOf } from "../model/image";
import { type ContainerSpec, type StartOrder, scopeOfContainer } from "./container-spec";
import type { HealthCheck } from "./health";
import { workload } from "./workload";

export interface WebServiceArgs extends ContainerSpec, StartOrder {
  /** Port that it listens on, inside its networks only. */
  port: number;
  /** Health check that each new container must pass. */
  health: HealthCheck;
  /** Number of containers. Default: 1. */
  replicas?: number;
  /** Timeout in seconds for a new container to become healthy. Default: 120. */
  timeout?: number;
}

/** An HTTP service behind the edge. A release starts new containers beside the old ones, which Pulumi deletes at its end. */
export class WebService extends pulumi.ComponentResource {
  /** `host:port` of each container. */
  readonly upstreams: pulumi.Output<string[]>;
  /** The release in the access log: the hash of its image's sources, or the tag or digest of an image that is pulled. */
  readonly release: pulumi.Output<string>;
  /** The health gates of the containers. A proxy in front of the service depends on them. */
  readonly healthy: pulumi.Resource[];

  constructor(name: string, args: WebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:app:WebService", name, {}, opts);
    const { replicas = 1, health, timeout, after, port } = args;
    const { hosts, gates } = workload(name, args, { replicas, health, timeout, after }, this);
    this.upstreams = pulumi.all(hosts).apply((all) => all.map((host) => `${host}:${port}`));
    this.release = releaseOf(args.image);
    this.healthy = gates;
    scopeOfContainer(args).addService(name, this.healthy);
    this.registerOutputs({ upstreams: this.upstreams });
  }
}

function releaseOf(image: WebServiceArgs["image"]): pulumi.Output<string> {
  return pulumi.output(
    image instanceof Image ? image.hash : pulumi.output(image).apply((name) => imageOf(name).version),
  );
}
