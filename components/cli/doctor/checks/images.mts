import { entriesOf } from "../../../settings/kinds.ts";
import { isAtLeast } from "../../engine/find.mts";
import { type Check, ok, problem, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";

/** First nginx with the directive add_header_inherit, which Berth's configuration uses. */
const OLDEST_NGINX = "1.29.3";

/** One check for each image with a problem, or one for all images. */
export function images({ server, builder, registry, settings, connection }: Facts): Check[] {
  const machine = registry ? builder : server;
  if (!machine) return [skipped("base images", "the engine that builds is not reachable")];
  if (!machine.docker.version) return [skipped("base images", "Docker is not installed yet")];
  const outdated = machine.images.filter(({ nginx }) => nginx && !isAtLeast(OLDEST_NGINX, nginx));
  const refused = machine.images.filter(({ found }) => found === "refused");
  // A mirror that a deployment configures first may have them.
  const mirrors = entriesOf(settings.values["registryMirrors"]);
  if (
    refused.length > 0 &&
    connection.kind !== "local" &&
    mirrors.some((url) => !machine.docker.daemonJson.includes(url))
  ) {
    return [skipped("base images", "a deployment configures the registry mirrors first")];
  }
  const unknown = machine.images.filter(({ found }) => found === "unknown").map(({ name }) => name);
  const failed = [
    ...outdated.map(({ name, nginx }) =>
      problem(
        `image ${name}`,
        `the pulled version is too old: nginx ${nginx}`,
        `Builds use the pulled version. Pull the image again on the machine that builds: docker pull ${name}`,
      ),
    ),
    ...refused.map(({ name }) =>
      problem(
        `image ${name}`,
        "the engine cannot pull it",
        "Check its name in the Dockerfile, and that the engine can reach its registry. For a private image or Docker Hub's rate limit: run docker login and docker pull on the machine that builds.",
      ),
    ),
    ...(unknown.length > 0
      ? [
          warning(
            "base images",
            `not checked: ${unknown.join(", ")}`,
            "The engine cannot be queried without curl. A build pulls the images; install curl to check them.",
          ),
        ]
      : []),
  ];
  if (failed.length > 0) return failed;
  const absent = machine.images.filter(({ found }) => found === "available").length;
  return [ok("base images", `${machine.images.length}, of which a build pulls ${absent}`)];
}
