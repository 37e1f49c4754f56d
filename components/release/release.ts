import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { END_SERVICE } from "../app/swarm-service";
import { manifest } from "../build/context";
import { basesOfImages } from "../build/locked-images";
import type { Place } from "../host/place";
import type { Members } from "../host/scope";
import type { Label } from "../model/labels";
import { labels, stackName } from "../naming";
import { scriptBeside } from "../scripts";
import { releaseFiles } from "./files";
import { PACK } from "./pack-command";

export interface ReleaseArgs {
  /** The servers of the stack. The home keeps the record. */
  place: Place;
  /** Members of the stack. Its images are kept on the server as long as the release. */
  members: Members;
  /** Settings that a rollback restores. They must not be secrets or settings of the server. */
  settings: Record<string, string>;
  /** Number of releases to keep on the server, including this one. Default: 5. */
  keep?: number;
  /** Maximum size of the engine's cache of builds, in MB. Default: 0, it is not bounded. */
  buildCacheMb?: number;
  /** Days after which volumes of the stack are deleted that nothing uses. Default: 0, they are kept. */
  unusedVolumeDays?: number;
}

/**
 * The last steps of a deployment, which `berth.stack` adds to every stack. After all gates have passed, it stops the previous release's
 * nginx and records this release on the server: the files that `release.files` lists, the settings, the commit and the images, as a small
 * image `<project>-<stack>/release:<number>`. `berth releases` lists the releases, `berth rollback` rolls back to one.
 *
 * It removes releases beyond `keep` and images that only they use. It also removes remains of killed deployments: containers that never
 * ran and networks without containers. It does not change objects of other stacks.
 */
export class Release extends pulumi.ComponentResource {
  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:release:Release", name, {}, opts);
    const { place, members, settings, keep = 5, buildCacheMb = 0, unusedVolumeDays = 0 } = args;
    const server = place.home;
    const images = pulumi.all(members.images).apply((references) =>
      Object.entries(references)
        .map(([key, reference]) => `${key}=${reference}`)
        .sort()
        .join(" "),
    );
    const newest = scriptBeside(__dirname, "newest.sh") + BUILDS;
    const ofStack = scriptBeside(__dirname, "of-stack.sh");

    // The others have no containers but services of the Swarm.
    const holders = [...new Set([server, ...place.edges])];
    const promoted = holders.map((one) =>
      one.run(
        `${name}-handed-over${one.suffix}`,
        {
          script: ofStack + scriptBeside(__dirname, "promote.sh"),
          args: pulumi.all(members.containers).apply((ids) => [pulumi.getProject(), pulumi.getStack(), ...ids]),
        },
        { parent: this, dependsOn: members.gates },
      ),
    );
    const recorded = server.run(
      `${name}-recorded`,
      {
        script: newest + OWN_IMAGES + scriptBeside(REMOTE, "audit-line.sh") + scriptBeside(__dirname, "record.sh"),
        args: images.apply((list) => [
          stackName(),
          server.auditFolder,
          String(keep),
          ...labelWords({ settings: JSON.stringify(settings), images: list }),
        ]),
        delta: { manifest: newest + scriptBeside(__dirname, "newest-manifest.sh"), pack: PACK },
        input: manifest(".", releaseFiles()),
        triggers: [images, ...basesOfImages()],
      },
      { parent: this, dependsOn: promoted },
    );
    const sweep = ofStack + scriptBeside(__dirname, "sweep.sh");
    const [swept] = place.servers.map((one) =>
      one.run(
        `${name}-swept${one.suffix}`,
        {
          script: one === server ? sweep : sweep + OWN_IMAGES + scriptBeside(__dirname, "sweep-images.sh"),
          args: [pulumi.getProject(), pulumi.getStack(), ...members.networks],
          triggers: members.containers,
          // A release does not wait for a server that has none of its containers.
          ...(!holders.includes(one) && { ifSilent: `The server ${one.suffix.slice(1)} ${NOT_SWEPT}` }),
        },
        { parent: this, dependsOn: [recorded] },
      ),
    );
    if (swept && (buildCacheMb > 0 || unusedVolumeDays > 0)) {
      const bounds = [server.auditFolder, String(buildCacheMb), String(unusedVolumeDays)];
      server.run(
        `${name}-disk`,
        {
          script: ofStack + scriptBeside(REMOTE, "audit-line.sh") + scriptBeside(__dirname, "bound-disk.sh"),
          args: [pulumi.getProject(), pulumi.getStack(), ...bounds, ...members.volumes],
          triggers: members.containers,
        },
        { parent: this, dependsOn: [swept] },
      );
    }
    if (place.swarm) {
      server.run(
        `${name}-services-swept`,
        {
          script: ofStack + END_SERVICE + scriptBeside(__dirname, "sweep-services.sh"),
          args: [pulumi.getProject(), pulumi.getStack(), ...members.services],
          triggers: members.services,
        },
        { parent: this, dependsOn: [recorded] },
      );
    }
    this.registerOutputs();
  }
}

const NOT_SWEPT = "does not answer, so images of earlier releases stay there. The next release removes them.";
const OWN_IMAGES = scriptBeside(__dirname, "own-images.sh");
/** Where builds keep the sources that they have received. */
const BUILDS = scriptBeside(join(__dirname, "..", "build"), "place.sh");
const REMOTE = join(__dirname, "..", "remote");

/** Arguments of `docker import` that set the labels. */
function labelWords(own: Partial<Record<Label, string>>): string[] {
  return labels(own).flatMap(({ label, value }) => ["--change", `LABEL ${label}=${quoteForDockerfile(String(value))}`]);
}

/** Quotes a value as in a Dockerfile, where a dollar sign would begin a variable. */
function quoteForDockerfile(value: string): string {
  return `"${value.replaceAll(/[\\"$]/g, "\\$&")}"`;
}
