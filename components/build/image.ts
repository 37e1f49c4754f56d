import { existsSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Registry } from "../host/registry";
import { type InStack, scopeOf } from "../host/scope";
import type { Server } from "../host/server";
import { imageProblems } from "../model/name-rules";
import { imageInRegistry } from "../model/registry";
import { stackName } from "../naming";
import { refuse } from "../problems";
import { contextHash } from "./context";
import { withoutCache } from "./no-cache";
import { releasedImage } from "./released";

export interface ImageArgs {
  /**
   * The stack it belongs to. If the stack has a registry, this machine builds the image and pushes it there, and the server pulls it by
   * its digest. Otherwise, the server's engine builds it.
   */
  stack: InStack;
  /** Folder with the Dockerfile, e.g. `./backend`. */
  context: string;
  /** Dockerfile, relative to the folder. Default: `Dockerfile`. */
  dockerfile?: string;
  /** Stage to build. Default: the last one. */
  target?: string;
  /** Build arguments. They must not be secret. Default: none. */
  buildArgs?: Record<string, string>;
}

/**
 * An image built from a Dockerfile. Its tag is a hash of its sources, so Berth does not build unchanged sources again, and a plan knows
 * before the build whether containers will be replaced. The server keeps older images for a rollback.
 */
export class Image extends pulumi.ComponentResource {
  /** Reference that containers use: the tag on the server's engine, or the digest in the registry. */
  readonly reference: pulumi.Output<string>;
  /** The fingerprint of the sources, 12 hexadecimal digits. */
  readonly hash: string;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:build:Image", name, {}, opts);
    const { server, registry } = args.stack;
    const repository = registry ? imageInRegistry(registry.address, stackName(), name) : `${stackName()}/${name}`;
    refuse(`the image ${name}`, imageProblems(name, repository), this);
    const scope = scopeOf(args.stack);
    const { images } = scope.add(this);
    const dockerfile = args.dockerfile ?? "Dockerfile";
    if (!existsSync(join(args.context, dockerfile))) {
      throw new pulumi.ResourceError(
        `Image ${name}: there is no ${dockerfile} in ${args.context}. Set context and dockerfile.`,
        this,
      );
    }
    // In a rollback too, the hash is that of the sources, but the image already exists.
    const { context, target, buildArgs } = args;
    this.hash = contextHash({ context, dockerfile, target, args: buildArgs ?? {}, version: scope.imagesVersion });

    const tag = `${repository}:${this.hash}`;
    const build = {
      // The provider's default builder uses this machine's engine instead of the configured one.
      useLegacyBuilder: true,
      context: args.context,
      dockerfile,
      ...(args.target !== undefined && { target: args.target }),
      ...(args.buildArgs && { buildArgs: args.buildArgs }),
      ...(withoutCache() && { noCache: true }),
    };
    const released = releasedImage(name);
    this.reference = released
      ? this.#pullReleased(name, released, server)
      : registry
        ? this.#buildForRegistry(name, tag, build, registry, server)
        : this.#buildOnServer(name, tag, build, server);
    images[name] = this.reference;
    this.registerOutputs({ reference: this.reference });
  }

  #pullReleased(name: string, reference: string, server: Server): pulumi.Output<string> {
    return new docker.RemoteImage(name, { name: reference, keepLocally: true }, this.#createFirst(server.docker)).name;
  }

  #buildOnServer(name: string, tag: string, build: Build, server: Server): pulumi.Output<string> {
    return new docker.RemoteImage(name, { name: tag, build, keepLocally: true }, this.#buildOnce(server.docker)).name;
  }

  #buildForRegistry(
    name: string,
    tag: string,
    build: Build,
    registry: Registry,
    server: Server,
  ): pulumi.Output<string> {
    const onBuilder = this.#createFirst(registry.builder);
    const once = this.#buildOnce(registry.builder);
    const builtImage = new docker.RemoteImage(`${name}-built`, { name: tag, build, keepLocally: true }, once);
    const pushedImage = new docker.RegistryImage(
      `${name}-pushed`,
      { name: builtImage.name, keepRemotely: true },
      onBuilder,
    );
    const byDigest = pulumi.interpolate`${tag.slice(0, tag.lastIndexOf(":"))}@${pushedImage.sha256Digest}`;
    return new docker.RemoteImage(name, { name: byDigest, keepLocally: true }, this.#createFirst(server.docker)).name;
  }

  /** The provider's default may delete an image, and the containers that use it, before the new image exists. */
  #createFirst(provider: docker.Provider) {
    return { parent: this, provider, deleteBeforeReplace: false };
  }

  /** The tag has all inputs of the build, so only another tag builds again: not the end of a deployment without the cache. */
  #buildOnce(provider: docker.Provider) {
    return { ...this.#createFirst(provider), ignoreChanges: ["build"] };
  }
}

type Build = docker.types.input.RemoteImageBuild;
