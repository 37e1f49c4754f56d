import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Registry } from "../host/registry";
import type { ScriptArgs } from "../host/run-script";
import { type InStack, scopeOf } from "../host/scope";
import type { Server } from "../host/server";
import { imageProblems } from "../model/name-rules";
import { Problem } from "../model/problem";
import { imageInRegistry } from "../model/registry";
import { stackName } from "../naming";
import { refuse } from "../problems";
import { buildProblems } from "./build-problems";
import { buildStep } from "./build-step";
import { type BuildContext, contextHash } from "./context";
import { pinnedDockerfile } from "./locked-images";
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
  /**
   * Secrets by their ids, for `RUN --mount=type=secret,id=…`. A changed secret alone does not build the image again. Default: none.
   *
   * @example { npm: config.values.npmToken }
   */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Lets `RUN --mount=type=ssh` use the SSH agent of this machine. Default: false. */
  ssh?: boolean;
  /**
   * Accounts of registries with private base images, in addition to those of the settings `registryAddress` and `dockerHubUser`. Without any,
   * the build uses those of the builder's own account. Default: none.
   */
  accounts?: pulumi.Input<BaseImageAccount>[];
  /** Platform to build for, e.g. `linux/arm64`. The server must run it. Default: that of the engine that builds. */
  platform?: string;
}

/** An account of a registry. */
export interface BaseImageAccount {
  /** Host and port of the registry, e.g. `docker.io`. */
  address: string;
  username: string;
  /** Password or token of the account. */
  password: string;
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
  readonly #name: string;
  readonly #elsewhere = new Map<Server, pulumi.Output<string>>();

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:build:Image", name, {}, opts);
    this.#name = name;
    const { server, registry } = args.stack;
    const repository = registry ? imageInRegistry(registry.address, stackName(), name) : `${stackName()}/${name}`;
    refuse(`the image ${name}`, imageProblems(name, repository), this);
    const scope = scopeOf(args.stack);
    const { images } = scope.add(this);
    const context = contextOf(name, args, scope.imagesVersion, this);
    // In a rollback too, the hash is that of the sources, but the image already exists.
    this.hash = hashOf(context, this);

    const tag = `${repository}:${this.hash}`;
    const here = registry !== undefined;
    const accounts = [...server.accounts.map((account) => pulumi.output(account)), ...(args.accounts ?? [])];
    const { secrets = {}, ssh = false } = args;
    const held = !here && server.isRemote;
    const step = { stack: stackName(), image: name, tag, context, hash: this.hash, secrets, accounts, ssh, here, held };
    const released = releasedImage(name);
    this.reference = released
      ? this.#onServer(name, released, server)
      : registry
        ? this.#buildForRegistry(name, tag, buildStep(step), registry, server)
        : this.#onServer(name, tag, server, server.run(`${name}-built`, buildStep(step), { parent: this }));
    images[name] = this.reference;
    this.registerOutputs({ reference: this.reference });
  }

  /** Pulls the image to another server of the stack. Returns the reference that containers use. */
  on(server: Server): pulumi.Output<string> {
    if (server.suffix === "") return this.reference;
    const reference =
      this.#elsewhere.get(server) ?? this.#onServer(`${this.#name}${server.suffix}`, this.reference, server);
    this.#elsewhere.set(server, reference);
    return reference;
  }

  /** Pulls an image to the server, unless the server has it. */
  #onServer(
    name: string,
    reference: pulumi.Input<string>,
    server: Server,
    built?: pulumi.Resource,
  ): pulumi.Output<string> {
    const options = { ...this.#createFirst(server.docker), ...(built && { dependsOn: built }) };
    return new docker.RemoteImage(name, { name: reference, keepLocally: true }, options).name;
  }

  #buildForRegistry(
    name: string,
    tag: string,
    step: ScriptArgs,
    registry: Registry,
    server: Server,
  ): pulumi.Output<string> {
    const built = registry.build(`${name}-built`, step, { parent: this });
    const pushed = new docker.RegistryImage(
      `${name}-pushed`,
      { name: tag, keepRemotely: true },
      { ...this.#createFirst(registry.builder), dependsOn: built },
    );
    const byDigest = pulumi.interpolate`${tag.slice(0, tag.lastIndexOf(":"))}@${pushed.sha256Digest}`;
    return this.#onServer(name, byDigest, server);
  }

  /** The provider's default may delete an image, and the containers that use it, before the new image exists. */
  #createFirst(provider: docker.Provider) {
    return { parent: this, provider, deleteBeforeReplace: false };
  }
}

/** @throws pulumi.ResourceError that lists what is wrong with the arguments. */
function contextOf(name: string, args: ImageArgs, version: number, resource: pulumi.Resource): BuildContext {
  const { context, dockerfile = "Dockerfile", target, buildArgs = {}, platform } = args;
  if (!existsSync(join(context, dockerfile))) {
    throw new pulumi.ResourceError(
      `Image ${name}: there is no ${dockerfile} in ${context}. Set context and dockerfile.`,
      resource,
    );
  }
  refuse(`the image ${name}`, buildProblems(args), resource);
  const source = readFileSync(join(context, dockerfile), "utf8");
  // A rollback builds nothing, and uses no newer lock.
  const text = releasedImage(name) ? source : pinnedDockerfile(name, source, buildArgs);
  return { context, dockerfile, text, target, args: buildArgs, platform, version };
}

/** @throws pulumi.ResourceError if the sources cannot be read. */
function hashOf(context: BuildContext, resource: pulumi.Resource): string {
  try {
    return contextHash(context);
  } catch (error) {
    if (error instanceof Problem) throw new pulumi.ResourceError(error.message, resource);
    throw error;
  }
}
