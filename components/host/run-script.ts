import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { withPreamble } from "../model/preamble";
import { quote } from "../model/shell";
import { withMarker } from "../remote/marker";
import { DELTA, STEP, stepCall } from "./step";

export interface ScriptArgs {
  /**
   * POSIX shell script, which runs on the engine's machine. It must be idempotent. `berth up` prints its standard output again at the end;
   * progress and errors belong on standard error.
   */
  script: string;
  /** Positional arguments of the script. They must not be secret. */
  args?: pulumi.Input<pulumi.Input<string>[]>;
  /** Standard input of the script, which may be secret. Default: empty. */
  input?: pulumi.Input<string>;
  /** Builds stdin from the input and the server's manifest (delta upload). Default: stdin is the input. */
  delta?: Delta;
  /**
   * Script that keeps what `script` has changed on trial, with the same arguments. It runs over a new connection, so the change has locked
   * nobody out. Default: none, nothing is on trial.
   */
  confirm?: string;
  /** Script for the deletion of the resource, with the same arguments. It must remove objects of this resource only. Default: none. */
  undo?: string;
  /** Text that is printed instead of a failure if the server does not answer over SSH. Default: none, it is a failure. */
  ifSilent?: string;
  /** Whether the script may use this machine's SSH agent. Default: false. */
  forwardsAgent?: boolean;
  /** Values whose change replaces the resource, so that the script runs again. Default: none. */
  triggers?: pulumi.Input<string>[];
}

/** The POSIX shell scripts of a delta upload, which sends only data that the server lacks. */
export interface Delta {
  /** Prints the manifest of the data on the server. Runs on the engine's machine, with the same arguments. */
  manifest: string;
  /** Prints the data to send. Runs in the project's folder on this machine. Its stdin is the server's manifest, an empty line and the input. */
  pack: string;
}

/** Runs a script through a command line of this machine's shell, which `transport` makes of the words of the script's own. */
export function runScript(
  name: string,
  { script, args = [], input, delta, confirm, ifSilent, undo, triggers }: ScriptArgs,
  transport: (words: pulumi.Output<string[]>, connection?: { isNew: boolean }) => pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const call = (text: string) =>
    transport(pulumi.output(args).apply((words) => shellCall(withMarker(text, "stdout"), words)));
  const confirmed = (text: string) => {
    const over = transport(
      pulumi.output(args).apply((words) => shellCall(text, words)),
      { isNew: true },
    );
    return pulumi.interpolate` && { ${over} >/dev/null </dev/null || { [ $? != 255 ] || echo ${quote(NOT_CONFIRMED)} >&2; false; }; }`;
  };
  return new command.local.Command(
    name,
    {
      create: stepCall(delta === undefined ? "RUN" : "DELTA"),
      environment: {
        STEP,
        RUN: pulumi.interpolate`${call(script)}${confirm === undefined ? "" : confirmed(confirm)}${ifSilent === undefined ? "" : skipped(ifSilent)}`,
        ...(delta !== undefined && { DELTA, MANIFEST: call(delta.manifest), PACK: delta.pack }),
        ...(undo !== undefined && { UNDO: call(undo) }),
      },
      stdin: input ?? "",
      ...(undo !== undefined && { delete: `${stepCall("UNDO")} </dev/null` }),
      ...(triggers && { triggers }),
    },
    // The official plugin does not mark the output of a secret input as secret.
    { ...(input !== undefined && { additionalSecretOutputs: ["stdout", "stderr"] }), ...opts },
  );
}

function skipped(text: string): string {
  return ` || { [ $? = 255 ] && echo ${quote(text)}; }`;
}

// 255 is ssh's own exit code. The script prints its reasons itself.
const NOT_CONFIRMED =
  "Berth cannot sign in again over a new connection, so the server takes this change back within a minute. docs/hardening.md has the likely cause.";

/** Words that run a script with the variables `$label_…`. The script is an argument, so its standard input is free for data. */
function shellCall(script: string, args: string[]): string[] {
  return ["sh", "-c", withPreamble(script), "sh", ...args];
}
