import { inRegistry } from "../../model/image.ts";
import { prepareControlDirectory } from "../control-directory.ts";
import { splitOutput } from "../output.mts";
import type { Place } from "../place.mts";
import { capture } from "../program.mts";
import { callOf } from "../run.mts";
import { dockerLogins } from "./logins.mts";
import type { Looked, Routes } from "./look-up.ts";
import { digestInRegistry } from "./manifest.mts";

/**
 * Looks up the newest digests of images: in their registries; where this machine does not reach one, through the Docker engines of this
 * machine and of the server. Adds what did not answer to `routes.unreachable`.
 */
export async function newestDigests(images: readonly string[], routes: Routes): Promise<Map<string, Looked>> {
  const { unreachable = [] } = routes;
  routes.unreachable = unreachable;
  const logins = { ...dockerLogins(), ...routes.logins };
  const looked = images.map(async (image) => [image, await direct(image, logins, unreachable)] as const);
  const found = new Map(await Promise.all(looked));
  for (const [route, place] of [
    ["engine", HERE],
    ["server", routes.server],
  ] as const) {
    const open = images.filter((image) => isUnreachable(found.get(image)));
    if (open.length === 0 || place === undefined || unreachable.includes(route)) continue;
    const answers = await throughEngine(place, open);
    if (answers.size === 0) unreachable.push(route);
    for (const [image, looked] of answers) if (!isUnreachable(looked)) found.set(image, looked);
  }
  return found;
}

/** This machine's engine. */
const HERE: Place = { sshPrefix: "", project: "", stack: "" };

async function direct(image: string, logins: Record<string, string>, unreachable: string[]): Promise<Looked> {
  const { host } = inRegistry(image);
  if (unreachable.includes(host)) return { problem: "unreachable", detail: `${host} did not answer before` };
  const looked = await digestInRegistry(image, logins);
  if (isUnreachable(looked) && !unreachable.includes(host)) unreachable.push(host);
  return looked;
}

function isUnreachable(looked: Looked | undefined): boolean {
  return looked !== undefined && "problem" in looked && looked.problem === "unreachable";
}

/** The answers of an engine, which may have none for an image that its registry refuses. Empty if there is no engine. */
async function throughEngine(place: Place, images: string[]): Promise<Map<string, Looked>> {
  if (place.sshPrefix !== "") prepareControlDirectory();
  const [program, words] = callOf(place, "digests.sh", images, { withoutEngine: true });
  const { stdout } = await capture(program, words, "", { timeout: 30_000 });
  return new Map(
    splitOutput(stdout)
      .output.split("\n")
      .flatMap((line) => answerIn(line)),
  );
}

function answerIn(line: string): [string, Looked][] {
  const [image = "", status = "000", digest = ""] = line.split(" ");
  if (!/^[1-9]\d\d$/.test(status)) return [];
  if (status === "200" && digest !== "") return [[image, { digest }]];
  const detail = "the Docker engine does not get it from its registry";
  return [[image, { problem: /^5/.test(status) ? "unreachable" : "refused", detail }]];
}
