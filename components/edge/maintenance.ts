import type * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { stateVolume } from "../host/state-volume";

/** Folder in nginx's container with the files of `berth maintenance`. */
const FOLDER = "/srv/maintenance";

/** The volume with which maintenance survives releases and reboots. */
export function maintenanceVolume(name: string, server: Server, parent: pulumi.Resource) {
  const { made, volume } = stateVolume(`${name}-maintenance`, server, parent);
  return { made, volumes: { [FOLDER]: { volume, readOnly: true } } };
}
