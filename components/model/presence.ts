/** Deployed objects beside the existing ones. */
interface Presence<Deployed, Existing> {
  /** Each deployed object, with what exists of it: undefined if it is missing. */
  deployed: { resource: Deployed; existing: Existing | undefined }[];
  /** Existing objects that are neither deployed nor pending deletion. */
  unknown: Existing[];
}

/** Finds deployed objects by their ids: another object of the same name is not the deployed one. */
export function presenceById<Deployed extends { id: string }, Existing extends { Id: string }>(
  deployed: readonly Deployed[],
  existing: readonly Existing[],
  pendingDelete: readonly string[],
): Presence<Deployed, Existing> {
  return presence(deployed, existing, pendingDelete, { key: ({ id }) => id, existingKey: ({ Id }) => Id });
}

/** Finds deployed objects by their names, where only names are known. */
export function presenceByName(
  deployed: readonly string[],
  existing: readonly string[],
  pendingDelete: readonly string[],
): Presence<string, string> {
  return presence(deployed, existing, pendingDelete, { key: (name) => name, existingKey: (name) => name });
}

function presence<Deployed, Existing>(
  deployed: readonly Deployed[],
  existing: readonly Existing[],
  pendingDelete: readonly string[],
  { key, existingKey }: { key: (one: Deployed) => string; existingKey: (one: Existing) => string },
): Presence<Deployed, Existing> {
  const known = [...deployed.map(key), ...pendingDelete];
  return {
    deployed: deployed.map((resource) => ({
      resource,
      existing: existing.find((other) => existingKey(other) === key(resource)),
    })),
    unknown: existing.filter((other) => !known.includes(existingKey(other))),
  };
}
