import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { scriptBeside } from "../scripts";
import { STEP, stepCall } from "./step";

/**
 * Refuses to deploy a renamed stack, also by a plain `pulumi up`. The program does not see the state, so a command remembers the name in
 * its output: only a changed name updates it. A preview runs no command, so it cannot refuse.
 */
export function sameName(name: string, parent: pulumi.Resource): command.local.Command {
  return new command.local.Command(
    `${name}-same-name`,
    {
      create: stepCall("RUN"),
      environment: {
        STEP,
        RUN: scriptBeside(__dirname, "same-name.sh"),
        PROJECT: pulumi.getProject(),
        STACK: pulumi.getStack(),
        // The name is not for people.
        BERTH_NOTES: "",
      },
    },
    { parent },
  );
}
