import * as pulumi from "@pulumi/pulumi";
import type { ScriptArgs } from "../host/run-script";
import { nodeCall } from "../model/node-call";
import { scriptBeside } from "../scripts";
import type { BuildInput, SignedIn } from "./build-input";
import type { BuildContext } from "./context";

export interface BuildStepArgs {
  /** `<project>-<stack>`. */
  stack: string;
  /** Name of the image in the program. */
  image: string;
  /** Reference of the image. */
  tag: string;
  context: BuildContext;
  /** Fingerprint of the context. */
  hash: string;
  /** Secrets by their ids. */
  secrets: Record<string, pulumi.Input<string>>;
  /** Accounts of registries with base images. */
  accounts: pulumi.Input<SignedIn>[];
  /** Whether the build may use this machine's SSH agent. */
  ssh: boolean;
  /** Whether this machine's engine builds. */
  here: boolean;
  /** Whether the containers beside the build have precedence. */
  held: boolean;
}

/** The step that builds an image where it is missing. Only the sources that the builder lacks are sent to it. */
export function buildStep({ stack, image, tag, context, ssh, held, ...rest }: BuildStepArgs): ScriptArgs {
  return {
    script: scripts("place.sh", "receive.sh", "hold-back.sh", "builder.sh", "proxies.sh", "build.sh"),
    args: [stack, image, tag, ssh ? "ssh" : "", held ? "held" : "", ...dockerOptions(context)],
    delta: {
      manifest: scripts("place.sh", "listing.sh"),
      pack: nodeCall("sources"),
    },
    input: inputOf({ context, ...rest }),
    forwardsAgent: ssh,
    // Another image replaces the resource, so that it can be restored when a release fails.
    triggers: [tag],
  };
}

/** Scripts one after the other. */
function scripts(...files: string[]): string {
  return files.map((file) => scriptBeside(__dirname, file)).join("");
}

function inputOf({
  context,
  hash,
  secrets,
  accounts,
  here,
}: Omit<BuildStepArgs, "stack" | "image" | "tag" | "ssh" | "held">) {
  const input = pulumi.all([pulumi.output(secrets), pulumi.all(accounts)]).apply(([secrets, accounts]) => {
    const value: BuildInput = { ...context, hash, secrets, accounts, here };
    return `${JSON.stringify(value)}\n`;
  });
  return Object.keys(secrets).length + accounts.length > 0 ? pulumi.secret(input) : input;
}

/** Options of `docker build`. */
function dockerOptions({ target, platform, args }: BuildContext): string[] {
  return [
    ...(target === undefined ? [] : ["--target", target]),
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
}
