import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { scriptBeside } from "../scripts";

/** What a container will run, as far as it does not come from its image. */
export interface Command {
  /** Name of the container, for the message. */
  name: string;
  image: pulumi.Input<string>;
  entrypoints?: docker.ContainerArgs["entrypoints"];
  command?: docker.ContainerArgs["command"];
  workingDir?: docker.ContainerArgs["workingDir"];
  /** Files and folders it gets when it starts, so that they need not be in the image. */
  given: string[];
}

interface Collected {
  lines: pulumi.Output<string>[];
  checked: Promise<pulumi.Resource>;
}

const collected = new WeakMap<Server, Collected>();
const checks = new WeakMap<Server, number>();

/**
 * Looks up what a container will run in its image. All containers of a program are looked up at once, when it has asked for the
 * last of them; the error names service, image and missing file. Gives a fingerprint of what is looked up, for the container's
 * label `berth.command`: what a container there has run already is not looked up again.
 */
export function checkCommand(server: Server, { name, ...command }: Command): pulumi.Output<string> {
  const line = lineOf(command);
  const fingerprint = line.apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
  collectedFor(server).lines.push(pulumi.interpolate`${fingerprint}|${name}|${line}`);
  return fingerprint;
}

/**
 * What all that starts a container depends on, and all that must not run twice, as it is stopped before a new one is made: so
 * nothing is started or stopped when a file is missing anywhere.
 */
export function commandsChecked(server: Server): Promise<pulumi.Resource> {
  return collectedFor(server).checked;
}

function collectedFor(server: Server): Collected {
  return collected.get(server) ?? begun(server);
}

function begun(server: Server): Collected {
  const lines: pulumi.Output<string>[] = [];
  const checked = new Promise<pulumi.Resource>((resolve) => {
    // A program asks for its containers without waiting in between.
    setImmediate(() => {
      collected.delete(server);
      const count = (checks.get(server) ?? 0) + 1;
      checks.set(server, count);
      const input = pulumi.all(lines).apply((known) => `${[...new Set(known)].sort().join("\n")}\n`);
      resolve(
        server.run(
          count === 1 ? "commands-exist" : `commands-exist-${count}`,
          {
            script: scriptBeside(__dirname, "commands-exist.sh"),
            args: [pulumi.getProject(), pulumi.getStack()],
            input,
            // As another resource, it is had back when a release fails.
            triggers: [input],
          },
          { parent: server },
        ),
      );
    });
  });
  const now = { lines, checked };
  collected.set(server, now);
  return now;
}

/** `image|entrypoint|command|folder|given`: words with a space between, `=` for the image's own. */
function lineOf({ image, entrypoints, command, workingDir, given }: Omit<Command, "name">): pulumi.Output<string> {
  return pulumi
    .all([image, entrypoints, command, workingDir])
    .apply(([image, entrypoints, command, folder]) =>
      [image, wordsOf(entrypoints), wordsOf(command), folder ?? "=", wordsOf(given)].join("|"),
    );
}

/** What has other characters, such as a script for a shell, is no name of a file. */
function wordsOf(words: string[] | undefined): string {
  return words?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "?")).join(" ") ?? "=";
}
