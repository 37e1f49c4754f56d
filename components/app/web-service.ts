import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import { imageOf } from "../model/image";
import { container } from "./container";
import { type ContainerSpec, type StartOrder, scopeOfContainer } from "./container-spec";
import { healthGate } from "./gate";
import type { HealthCheck } from "./health";

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
    const replicas = Array.from({ length: args.replicas ?? 1 }, (_, index) => {
      const replica = `${name}-${index + 1}`;
      const dockerContainer = container(
        replica,
        args,
        { alias: name, health: args.health, labels: { service: name } },
        { parent: this },
      );
      // Created early and started in order, which makes releases faster.
      const { health, timeout, after } = args;
      const gate = healthGate(
        replica,
        { spec: args, container: dockerContainer, health, timeout, dependsOn: after },
        this,
      );
      return { host: pulumi.interpolate`${dockerContainer.name}:${args.port}`, gate };
    });
    this.upstreams = pulumi.all(replicas.map(({ host }) => host));
    this.release = releaseOf(args.image);
    this.healthy = replicas.map(({ gate }) => gate);
    scopeOfContainer(args).addService(name, this.healthy);
    this.registerOutputs({ upstreams: this.upstreams });
  }
}

function releaseOf(image: WebServiceArgs["image"]): pulumi.Output<string> {
  return pulumi.output(
    image instanceof Image ? image.hash : pulumi.output(image).apply((name) => imageOf(name).version),
  );
}
