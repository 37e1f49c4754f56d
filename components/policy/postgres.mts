import { majorOf } from "../cli/plan/values.mts";
import { labelIn, labelsIn } from "../model/labels.ts";
import { TYPES } from "../model/types.ts";
import type { Container } from "./container.mts";
import type { Deployed } from "./state.mts";

/** The problem if a release changes the major version of a PostgreSQL server without consent to the upgrade. */
export function versionProblem({ urn, image, command, labels }: Container, before: Deployed[]): string | undefined {
  const deployed = before.find((one) => one.type === TYPES.container && one.urn === urn);
  if (deployed === undefined || command?.[0] !== "postgres") return undefined;
  const [old, now] = [majorOf(deployed.inputs?.image), majorOf(image)];
  if (old === undefined || now === undefined || old === now) return undefined;
  // Labels that are unknown during the preview are checked on the server.
  if (labels === undefined) return undefined;
  const consent = labelIn(labelsIn(labels), "upgrade");
  if (consent === `${old} -> ${now}`) return undefined;
  const remedy = now > old ? `consent to the upgrade ("${old} -> ${now}"), or keep ${old}` : `keep ${old}`;
  return `has data of PostgreSQL ${old}, which PostgreSQL ${now} cannot read: ${remedy} (docs/operations.md, Major versions of PostgreSQL).`;
}
