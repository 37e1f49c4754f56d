import * as pulumi from "@pulumi/pulumi";
import { scopedName } from "../naming";
import { scriptBeside } from "../scripts";
import type { Server } from "./server";

/** A volume for what a component remembers over releases and reboots. It is no data: it is removed with the component, and in no backup. */
export function stateVolume(name: string, server: Server, parent: pulumi.Resource) {
  const volume = scopedName(name);
  const made = server.run(
    name,
    {
      script: scriptBeside(__dirname, "make-state-volume.sh"),
      args: [volume, pulumi.getProject()],
      undo: scriptBeside(__dirname, "remove-state-volume.sh"),
    },
    // The provider waits for the check that the stack owns its server.
    { parent, dependsOn: [server.docker] },
  );
  return { made, volume: { name: pulumi.output(volume) } };
}
