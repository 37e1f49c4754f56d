import * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { scopedName } from "../naming";
import { scriptBeside } from "../scripts";

/** Folder in nginx's container with the files of `berth maintenance`. */
const FOLDER = "/srv/maintenance";

/** The volume with which maintenance survives releases and reboots. It is no data, and is removed with the stack. */
export function maintenanceVolume(name: string, server: Server, parent: pulumi.Resource) {
  const volume = scopedName(`${name}-maintenance`);
  const made = server.run(
    `${name}-maintenance`,
    {
      script: scriptBeside(__dirname, "make-maintenance-volume.sh"),
      args: [volume, pulumi.getProject()],
      undo: scriptBeside(__dirname, "remove-maintenance-volume.sh"),
    },
    // The provider waits for the check that the stack owns its server.
    { parent, dependsOn: [server.docker] },
  );
  return { made, volumes: { [FOLDER]: { volume: { name: pulumi.output(volume) }, readOnly: true } } };
}
