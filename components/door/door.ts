import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type InStack, scopeOf } from "../host/scope";
import { DOOR_IMAGE, DOOR_NETWORK, DOOR_PORTS } from "../model/door.ts";
import { stackName, thisStack } from "../naming";
import { scriptBeside } from "../scripts";

/** Deployments replace the running front door if its version is lower. Raise it with each change of the image or haproxy.cfg. */
export const DOOR_VERSION = 2;

export interface DoorArgs {
  stack: InStack;
  /** Host names of the site. `*.example.org` is all names one level below. */
  names: readonly string[];
}

/**
 * A site's place behind the server's front door, HAProxy, which all stacks with the setting `frontDoor` share.
 *
 * The front door is not part of a stack: the first one starts it, each writes and removes its own route, and the last one removes it.
 * So a stack can be taken down, rolled back or deployed by an older Berth without an effect on the others.
 */
export class Door extends pulumi.ComponentResource {
  readonly names: readonly string[];
  /** The front door's address in the network of the sites. */
  readonly address: pulumi.Output<string>;
  /** The network of the sites, with the name by which the front door finds this one. */
  readonly network = { name: DOOR_NETWORK, aliases: [`${stackName()}.door`] };
  /** The site can join the network after this. */
  readonly joined: command.local.Command;
  readonly #name: string;
  readonly #stack: InStack;

  constructor(name: string, { stack, names }: DoorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:door:Door", name, {}, opts);
    this.#name = name;
    this.#stack = stack;
    this.names = names;
    // The preparation of the server checks that nobody else has the ports and names.
    const ports = DOOR_PORTS.map((port) => ({ address: "0.0.0.0", port, names }));
    scopeOf(stack).add(this).ports.push(pulumi.output(ports));
    this.joined = stack.server.run(
      `${name}-joined`,
      {
        script: script("routes.sh", "join.sh"),
        args: [DOOR_IMAGE, ...this.#route()],
        undo: script("routes.sh", "close.sh"),
      },
      { parent: this },
    );
    this.address = this.joined.stdout.apply(addressIn);
    this.registerOutputs();
  }

  /**
   * Routes the names to the site when its nginx is ready. Runs in each release, so it also starts a front door that is missing.
   *
   * @param nginx Id of nginx's container: another one runs the script again.
   */
  route({ nginx, ready }: { nginx: pulumi.Output<string>; ready: pulumi.Resource }): pulumi.Resource {
    const { gates } = scopeOf(this.#stack).add(this);
    const routed = this.#stack.server.run(
      `${this.#name}-routed`,
      {
        script: script("routes.sh", "route.sh"),
        args: [String(DOOR_VERSION), DOOR_IMAGE, nginx, ...this.#route()],
        input: readFileSync(join(__dirname, "haproxy.cfg"), "utf8"),
        undo: script("routes.sh", "leave.sh"),
      },
      { parent: this, dependsOn: ready },
    );
    gates.push(routed);
    return routed;
  }

  /** The stack and the names of its route. */
  #route(): string[] {
    const { project, stack } = thisStack();
    return [project, stack, ...this.names];
  }
}

function script(...files: string[]): string {
  return files.map((file) => scriptBeside(__dirname, file)).join("");
}

function addressIn(printed: string): string {
  const [, address] = /^The front door has the address (\S+) /m.exec(printed) ?? [];
  if (address) return address;
  throw new pulumi.RunError("The server printed no address of its front door. Repeat the deployment.");
}
