import { majorOf } from "../model/image.ts";
import { labelIn, labelsIn } from "../model/labels.ts";
import type { Resource } from "../model/state.ts";
import { TYPES } from "../model/types.ts";
import type { Container } from "./container.mts";

/** The names that PostgreSQL gives with its first start only, by the variable of its image. */
const NAMES = { POSTGRES_DB: "database", POSTGRES_USER: "superuser" };

/** A container as deployed, if it is that of a PostgreSQL server. */
function deployedServer({ urn, command }: Container, before: Resource[]): Resource | undefined {
  if (command?.[0] !== "postgres") return undefined;
  return before.find((one) => one.type === TYPES.container && one.urn === urn);
}

/** The problem if a release renames the database or the superuser of a PostgreSQL server: the new one would not exist. */
export function renameProblem(container: Container, before: Resource[]): string | undefined {
  const deployed = deployedServer(container, before);
  if (deployed === undefined) return undefined;
  for (const [variable, what] of Object.entries(NAMES)) {
    const [old, now] = [valueIn(deployed.inputs?.["envs"], variable), valueIn(container.envs, variable)];
    if (old !== undefined && now !== undefined && old !== now) {
      return `has the ${what} ${old}, and ${now} does not exist: a change renames nothing. Set it back to ${old}.`;
    }
  }
  return undefined;
}

/** The value of a variable in a container's list of `NAME=value`. */
function valueIn(envs: unknown, variable: string): string | undefined {
  const prefix = `${variable}=`;
  const entry = Array.isArray(envs) ? envs.find((one) => String(one).startsWith(prefix)) : undefined;
  return entry === undefined ? undefined : String(entry).slice(prefix.length);
}

/** The problem if a release changes the major version of a PostgreSQL server without consent to the upgrade. */
export function versionProblem(container: Container, before: Resource[]): string | undefined {
  const deployed = deployedServer(container, before);
  if (deployed === undefined) return undefined;
  const { image, labels } = container;
  const [old, now] = [majorOf(deployed.inputs?.["image"]), majorOf(image)];
  if (old === undefined || now === undefined || old === now) return undefined;
  // Labels that are unknown during the preview are checked on the server.
  if (labels === undefined) return undefined;
  const consent = labelIn(labelsIn(labels), "upgrade");
  if (consent === `${old} -> ${now}`) return undefined;
  const remedy = now > old ? `consent to the upgrade ("${old} -> ${now}"), or keep ${old}` : `keep ${old}`;
  return `has data of PostgreSQL ${old}, which PostgreSQL ${now} cannot read: ${remedy} (docs/operations.md, Major versions of PostgreSQL).`;
}
