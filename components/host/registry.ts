import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { registryParts } from "../model/registry";
import { commandLine } from "../model/shell";
import { localEngine } from "./local-engine";
import { runScript, type ScriptArgs } from "./run-script";

/** An account with which an engine signs in to a registry. */
export interface RegistryAccount {
  /** Host and port of the registry. */
  address: string;
  username: string;
  password: pulumi.Output<string>;
}

export interface RegistryArgs {
  /** Host, port and namespace, e.g. `registry.example.org:5000` or `ghcr.io/acme`. */
  address: string;
  /** Account that pushes and pulls images. */
  username: string;
  /** Password or token of the account. */
  password: pulumi.Input<string>;
}

/** A private registry: images are built on this machine, pushed there, and pulled by digest on the server. */
export class Registry extends pulumi.ComponentResource {
  readonly address: string;
  readonly credentials: RegistryAccount;
  /** This machine's engine, signed in to the registry. */
  readonly builder: docker.Provider;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:host:Registry", name, {}, opts);
    this.address = args.address;
    this.credentials = {
      address: registryParts(args.address).host,
      username: args.username,
      password: pulumi.secret(args.password),
    };
    this.builder = new docker.Provider(name, { ...localEngine(), registryAuth: [this.credentials] }, { parent: this });
    this.registerOutputs({ address: this.address });
  }

  /** Runs the step of a build with this machine's engine. */
  build(name: string, step: ScriptArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    return runScript(name, step, (words) => words.apply(commandLine), opts);
  }
}
