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

/**
 * What is looked up for a container, as `<fingerprint>|<name>|<command>`, and the fingerprint for its label `command`: what a
 * container there has run already is not looked up again.
 */
export function commandLook({ name, ...command }: Command): Record<"line" | "fingerprint", pulumi.Output<string>> {
  const line = lineOf(command);
  const fingerprint = line.apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
  return { line: pulumi.interpolate`${fingerprint}|${name}|${line}`, fingerprint };
}

const SCRIPTS = ["expected-files.sh", "in-image.sh", "commands-exist.sh"];

/** Looks up in its image what each container will run. The error names service, image and missing file. */
export function commandsExist(server: Server, lines: pulumi.Output<string>[]): pulumi.Resource {
  const input = pulumi.all(lines).apply((known) => `${[...new Set(known)].sort().join("\n")}\n`);
  return server.run(
    "commands-exist",
    {
      script: SCRIPTS.map((script) => scriptBeside(__dirname, script)).join(""),
      args: [pulumi.getProject(), pulumi.getStack()],
      input,
      // As another resource, it is had back when a release fails.
      triggers: [input],
    },
    { parent: server },
  );
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
