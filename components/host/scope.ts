import * as pulumi from "@pulumi/pulumi";
import type { PublishedPort } from "../model/published-port";
import type { Place } from "./place";
import type { Registry } from "./registry";
import type { Server } from "./server";

/** The stack of a component: the argument that `berth.stack` passes to its function. */
export interface InStack {
  /** The server of the stack; in a cluster, the one with its data. */
  readonly server: Server;
  /** The private registry for images; undefined if there is none. */
  readonly registry: Registry | undefined;
  /** The servers of the stack, if they are several. */
  readonly cluster?: Place | undefined;
}

/** The place of a stack. */
export function placeOf({ server, cluster }: Pick<InStack, "server" | "cluster">): Place {
  return cluster ?? server;
}

/** The members of a stack that its release uses. */
export interface Members {
  /** Ids of the containers. */
  containers: pulumi.Output<string>[];
  /** Id of each container, and the paths of its files, separated by spaces. */
  files: pulumi.Output<string>[];
  /** Ids of the Swarm services. */
  services: pulumi.Output<string>[];
  /** Names of the networks. */
  networks: pulumi.Output<string>[];
  /** Names of the volumes with data. */
  volumes: pulumi.Output<string>[];
  /** References of the images that the stack builds, by name. */
  images: Record<string, pulumi.Output<string>>;
  /** The gates: the resources that start a container. */
  gates: pulumi.Resource[];
  /** Commands of the containers, for `commandsExist`. */
  commands: pulumi.Output<string>[];
  /** Ports that the containers publish on the server. */
  ports: pulumi.Output<PublishedPort[]>[];
}

/** Collects a stack's members while its program runs. Components register here; programs do not use it. */
export class Scope {
  /** The check of all commands. It is created when the scope closes, and every gate depends on it. */
  readonly commandsExist: Promise<pulumi.Resource>;
  /** Number of the builds without the builder's cache. It is part of the images' tags. */
  readonly imagesVersion: number;
  /** All published ports, known when the scope closes. The preparation of the server, with which everything begins, checks them. */
  readonly ports: pulumi.Output<PublishedPort[]>;
  readonly #members: Members = {
    containers: [],
    files: [],
    services: [],
    networks: [],
    volumes: [],
    images: {},
    gates: [],
    commands: [],
    ports: [],
  };
  readonly #jobs = new Map<pulumi.Resource, pulumi.Resource[]>();
  readonly #services = new Map<string, pulumi.Resource[]>();
  #lookUp: ((lookUp: pulumi.Resource) => void) | undefined;
  #publish: (ports: Members["ports"]) => void = () => undefined;

  constructor(imagesVersion = 1) {
    this.imagesVersion = imagesVersion;
    const published = new Promise<Members["ports"]>((resolve) => {
      this.#publish = resolve;
    });
    this.ports = pulumi.output(published).apply((lists) => lists.flat());
    this.commandsExist = new Promise((resolve) => {
      this.#lookUp = resolve;
    });
  }

  /** The members to which `resource` adds itself. @throws pulumi.ResourceError if the scope is closed. */
  add(resource: pulumi.Resource): Members {
    if (this.#lookUp) return this.#members;
    const error = new pulumi.ResourceError(
      "This resource is created after the function given to berth.stack has returned, so the release does not know it. Create it inside that function, and not in an apply or after an await.",
      resource,
      true,
    );
    // Pulumi formats the stack trace of an error in an apply. Node.js 22.23 hangs if a line of it contains node_modules twice.
    error.stack = "";
    throw error;
  }

  /** Registers the gate of a job. Containers of the same image that follow it in the program wait for it. */
  addJob(image: pulumi.Resource, gate: pulumi.Resource): void {
    this.#jobs.set(image, [...this.jobsOf(image), gate]);
  }

  /** The gates of an image's jobs that are registered so far. */
  jobsOf(image: pulumi.Resource): pulumi.Resource[] {
    return this.#jobs.get(image) ?? [];
  }

  /** Registers the gates of a service by its name in the network: a tunnel that leads to it waits for them. */
  addService(name: string, gates: pulumi.Resource[]): void {
    this.#services.set(name, gates);
  }

  /** The gates of a service; none if no service before this in the program has the name. */
  gatesOf(name: string): pulumi.Resource[] {
    return this.#services.get(name) ?? [];
  }

  /** Ends the registration. `lookUp` creates the check of the commands. */
  close(lookUp: (commands: pulumi.Output<string>[]) => pulumi.Resource): Members {
    this.#publish(this.#members.ports);
    this.#lookUp?.(lookUp(this.#members.commands));
    this.#lookUp = undefined;
    return this.#members;
  }
}

const scopes = new WeakMap<Server, Scope>();

/** Opens the scope of a stack on its servers. */
export function openScope(servers: readonly Server[], scope: Scope): void {
  for (const server of servers) scopes.set(server, scope);
}

/** The scope of a stack. @throws pulumi.RunError if `berth.stack` did not create its server. */
export function scopeOf({ server }: Pick<InStack, "server">): Scope {
  const scope = scopes.get(server);
  if (scope) return scope;
  throw new pulumi.RunError(
    "This server has no stack. Create the stack with berth.stack(settings, (stack) => { … }) and pass `stack` on unchanged.",
  );
}
