/** Deployed objects beside the existing ones. */
interface Presence<Deployed, There> {
  /** Each deployed object, with what exists of it: undefined if it is missing. */
  deployed: { one: Deployed; there: There | undefined }[];
  /** Existing objects that are neither deployed nor pending deletion. */
  unknown: There[];
}

/** Finds deployed objects by their ids: another object of the same name is not the deployed one. */
export function presenceById<Deployed extends { id: string }, There extends { Id: string }>(
  deployed: readonly Deployed[],
  there: readonly There[],
  pendingDelete: readonly string[],
): Presence<Deployed, There> {
  return presence(deployed, there, pendingDelete, { key: ({ id }) => id, keyThere: ({ Id }) => Id });
}

/** Finds deployed objects by their names, where only names are known. */
export function presenceByName(
  deployed: readonly string[],
  there: readonly string[],
  pendingDelete: readonly string[],
): Presence<string, string> {
  return presence(deployed, there, pendingDelete, { key: (name) => name, keyThere: (name) => name });
}

function presence<Deployed, There>(
  deployed: readonly Deployed[],
  there: readonly There[],
  pendingDelete: readonly string[],
  { key, keyThere }: { key: (one: Deployed) => string; keyThere: (one: There) => string },
): Presence<Deployed, There> {
  const known = [...deployed.map(key), ...pendingDelete];
  return {
    deployed: deployed.map((one) => ({ one, there: there.find((other) => keyThere(other) === key(one)) })),
    unknown: there.filter((other) => !known.includes(keyThere(other))),
  };
}
