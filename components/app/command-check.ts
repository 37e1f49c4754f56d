import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { scriptBeside } from "../scripts";

/** The command of a container, as far as the program overrides its image. */
export interface Command {
  /** Name of the container, for error messages. */
  name: string;
  image: pulumi.Input<string>;
  entrypoints?: docker.ContainerArgs["entrypoints"];
  command?: docker.ContainerArgs["command"];
  workingDir?: docker.ContainerArgs["workingDir"];
  /** Paths of files and folders that are mounted or copied into the container, so that the image need not have them. */
  providedPaths: string[];
}

/**
 * The input of commands-exist.sh for a container, `<fingerprint>|<name>|<command>`, and the fingerprint for its label `command`. The
 * script skips commands that a container of the stack has already run.
 */
export function commandLook({ name, ...command }: Command): Record<"line" | "fingerprint", pulumi.Output<string>> {
  const line = lineOf(command);
  const fingerprint = line.apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
  return { line: pulumi.interpolate`${fingerprint}|${name}|${line}`, fingerprint };
}

const SCRIPTS = ["expected-files.sh", "in-image.sh", "commands-exist.sh"];

/** Checks that the image of each container has the program and script of its command. The error names service, image and missing file. */
export function commandsExist(server: Server, lines: pulumi.Output<string>[]): pulumi.Resource {
  const input = pulumi.all(lines).apply((values) => `${[...new Set(values)].sort().join("\n")}\n`);
  return server.run(
    "commands-exist",
    {
      script: SCRIPTS.map((script) => scriptBeside(__dirname, script)).join(""),
      args: [pulumi.getProject(), pulumi.getStack()],
      input,
      // A changed input replaces the resource, so that it can be restored when a release fails.
      triggers: [input],
    },
    { parent: server },
  );
}

/** `image|entrypoint|command|folder|given`: words separated by spaces, `=` for the image's default. */
function lineOf({
  image,
  entrypoints,
  command,
  workingDir,
  providedPaths,
}: Omit<Command, "name">): pulumi.Output<string> {
  return pulumi
    .all([image, entrypoints, command, workingDir])
    .apply(([image, entrypoints, command, folder]) =>
      [image, wordsOf(entrypoints), wordsOf(command), folder ?? "=", wordsOf(providedPaths)].join("|"),
    );
}

/** A word with other characters, such as a shell script, cannot be a file name. */
function wordsOf(words: string[] | undefined): string {
  return words?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "?")).join(" ") ?? "=";
}
