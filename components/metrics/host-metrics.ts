import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { pulledImage } from "../build/pulled-image";
import type { Server } from "../host/server";
import { DEFAULT_IMAGES } from "../model/default-images";
import { serviceScript } from "../model/service-script";
import { stackName, thisStack } from "../naming";
import { scriptBeside } from "../scripts";

interface HostMetricsArgs {
  server: Server;
  /** Host names of the site. */
  sites: readonly string[];
}

/** The metrics that are made on the server itself. */
interface HostMetrics {
  /** Folder on the server with the socket. Known after it is there. */
  folder: pulumi.Output<string>;
  /** Name of the node exporter's Unix socket in it. */
  socket: string;
}

/**
 * Installs the node exporter of its image as a systemd service of the user `nobody`, which listens on a Unix socket, and the timer that
 * writes the metrics of the stack for it. As a service, it needs neither the engine's socket nor the server's folders in a container.
 */
export function hostMetrics(name: string, { server, sites }: HostMetricsArgs, parent: pulumi.Resource): HostMetrics {
  const { project, stack } = thisStack();
  const folder = `/var/lib/berth-metrics/${stackName()}`;
  const image = pulledImage(`${name}-server`, DEFAULT_IMAGES.nodeExporter, { parent, provider: server.docker });
  // It must not be replaced: the removal of the old one would remove the new one.
  const ready = server.run(
    `${name}-server-installed`,
    {
      script: STEP + scriptBeside(REMOTE, "prepare/timed-service.sh") + scriptBeside(__dirname, "install.sh"),
      undo: STEP + scriptBeside(__dirname, "remove.sh"),
      args: [project, stack, folder, stackName(), image],
      input: collectScript({ project, stack, sites }),
    },
    { parent },
  );
  return { folder: ready.urn.apply(() => `${folder}/socket`), socket: "node-exporter.sock" };
}

/** The shell script that the timer runs. */
export function collectScript({ sites, ...id }: { project: string; stack: string; sites: readonly string[] }): string {
  const files = [
    join(COMPONENTS, "remote/scripts/facts.sh"),
    join(COMPONENTS, "alerts/scripts/observe.sh"),
    ...["containers.sh", "requests.sh", "backups.sh", "jobs.sh", "collect.sh"].map((file) =>
      join(__dirname, "scripts", file),
    ),
  ];
  return serviceScript(files, { ...id, SITES: sites.join(" ") });
}

const COMPONENTS = join(__dirname, "..");
const REMOTE = join(COMPONENTS, "remote");
const STEP = scriptBeside(REMOTE, "prepare/step.sh");
