import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { pinnedImage } from "./locked-images";

/** Pulls an image by its locked digest, and returns the reference that containers use. */
export function pulledImage(
  name: string,
  reference: string,
  opts: { parent: pulumi.Resource; provider: docker.Provider },
): pulumi.Output<string> {
  const pinned = pinnedImage(name, reference);
  return new docker.RemoteImage(name, { name: pinned, keepLocally: true }, { ...opts, deleteBeforeReplace: false })
    .name;
}
