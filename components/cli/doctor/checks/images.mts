import { isAtLeast } from "../../engine/find.mts";
import { type Check, ok, problem, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";
import { listed } from "../settings.mts";

/** The first nginx with add_header_inherit, which the parts of Berth's configuration use. */
const OLDEST_NGINX = "1.29.3";

/** One line for all images that are well, and one for each that is not. */
export function images({ server, builder, registry, settings, connection }: Facts): Check[] {
  const at = registry ? builder : server;
  if (!at) return [skipped("base images", "the engine that builds was not reached")];
  if (!at.docker.version) return [skipped("base images", "Docker is not installed there yet")];
  const old = at.images.filter(({ nginx }) => nginx && !isAtLeast(OLDEST_NGINX, nginx));
  const refused = at.images.filter(({ found }) => found === "refused");
  // A mirror that the engine does not know yet may have them.
  const mirrors = listed(settings.values["registryMirrors"]);
  if (refused.length > 0 && connection.kind !== "here" && mirrors.some((url) => !at.docker.daemonJson.includes(url))) {
    return [skipped("base images", "the deployment first gives the engine its registry mirrors")];
  }
  const unknown = at.images.filter(({ found }) => found === "unknown").map(({ name }) => name);
  const bad = [
    ...old.map(({ name, nginx }) =>
      problem(
        `image ${name}`,
        `it was pulled long ago: nginx ${nginx}`,
        `Builds take it as it is there. Pull it again, where the engine is: docker pull ${name}`,
      ),
    ),
    ...refused.map(({ name }) =>
      problem(
        `image ${name}`,
        "the engine cannot pull it",
        "Check its name in the Dockerfile, and that the engine reaches its registry. Private base images and Docker Hub's limit of pulls: pull it by hand there after docker login.",
      ),
    ),
    ...(unknown.length > 0
      ? [
          warning(
            "base images",
            `not known: ${unknown.join(", ")}`,
            "The engine could not be asked for them (it needs curl); a build pulls them.",
          ),
        ]
      : []),
  ];
  if (bad.length > 0) return bad;
  const absent = at.images.filter(({ found }) => found === "available").length;
  return [ok("base images", `${at.images.length}, ${absent} of them to be pulled`)];
}
