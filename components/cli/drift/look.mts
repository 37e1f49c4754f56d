// Queries the engine for the stack's objects, and fingerprints the answer.
import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Inspected } from "../../model/inspected.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";
import type { Deployed } from "./deployed.mts";
import { FILES, localFiles } from "./local-files.mts";

/** How to query a stack on one of its servers: its place, and objects to query by name in addition to those with its labels. Contains no secret. */
export interface View {
  place: Place;
  /** Input of look.sh. */
  questions: string;
}

export function viewOf({ networks, volumes, images, containers, services, engine }: Deployed, place: Place): View {
  const folders = containers.flatMap(({ id, gate }) => {
    const paths = Object.keys(gate?.files ?? {});
    return [...new Set(paths.map((path) => posix.dirname(path)))].map((folder) => {
      const names = paths.filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path));
      return ["files", id, folder, ...names].join(" ");
    });
  });
  const questions = [
    ...networks.map(({ inputs }) => `network ${inputs["name"]}`),
    ...volumes.map(({ id }) => `volume ${id}`),
    ...images.map(({ inputs }) => `image ${inputs["name"]}`),
    ...services.map(({ id }) => `service ${id}`),
    ...folders,
    ...(engine ? ["engine"] : []),
    "",
  ].join("\n");
  return { place, questions };
}

/** Lines as look.sh prints them: the stack's objects and their files. @throws Problem if the machine cannot be inspected. */
export async function look({ place, questions }: View): Promise<string> {
  if (place.sshPrefix !== "") return onServer(place, "look.sh", { input: questions });
  const otherQuestions = questions.split("\n").filter((line) => !line.startsWith(FILES));
  const outputs = await Promise.all([
    onServer(place, "look.sh", { input: otherQuestions.join("\n") }),
    localFiles(questions),
  ]);
  return outputs.join("");
}

/** Fingerprint of the output of look.sh, independent of its order. */
export function fingerprintOf(output: string): string {
  const lines = output.split("\n").map((line) => (line.startsWith("container ") ? withSortedMounts(line) : line));
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}

/** Docker lists the mounts of a container in random order. */
function withSortedMounts(line: string): string {
  // Not parsed by the schema, so that a field that nothing compares counts too.
  const inspected: Pick<Inspected, "Mounts"> = JSON.parse(line.slice("container ".length));
  const Mounts = inspected.Mounts.toSorted((one, other) => one.Destination.localeCompare(other.Destination));
  return JSON.stringify({ ...inspected, Mounts });
}
