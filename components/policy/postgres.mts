import { majorOf } from "../model/image.ts";
import { labelIn, labelsIn } from "../model/labels.ts";
import type { Resource } from "../model/state.ts";
import { TYPES } from "../model/types.ts";
import type { Container } from "./container.mts";

/** The problem if a release changes the major version of a PostgreSQL server without consent to the upgrade. */
export function versionProblem({ urn, image, command, labels }: Container, before: Resource[]): string | undefined {
  const deployed = before.find((one) => one.type === TYPES.container && one.urn === urn);
  if (deployed === undefined || command?.[0] !== "postgres") return undefined;
  const [old, now] = [majorOf(deployed.inputs?.["image"]), majorOf(image)];
  if (old === undefined || now === undefined || old === now) return undefined;
  // Labels that are unknown during the preview are checked on the server.
  if (labels === undefined) return undefined;
  const consent = labelIn(labelsIn(labels), "upgrade");
  if (consent === `${old} -> ${now}`) return undefined;
  const remedy = now > old ? `consent to the upgrade ("${old} -> ${now}"), or keep ${old}` : `keep ${old}`;
  return `has data of PostgreSQL ${old}, which PostgreSQL ${now} cannot read: ${remedy} (docs/operations.md, Major versions of PostgreSQL).`;
}
