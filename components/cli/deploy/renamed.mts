import { type StackId, scopedNameOf } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import { currentOf, nameOf, type State } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import type { Stack } from "../project/stack.mts";

/** @throws Problem if the stack was renamed since its last deployment: it would be deployed on new, empty volumes. */
export function requireSameName({ project, name }: Stack, state: State): void {
  const problem = renameProblem(state, { project: project.name, stack: name });
  if (problem) throw new Problem(problem);
}

/** Compares the names of the volumes on the server, which contain project and stack, with the present names. */
export function renameProblem(state: State, id: StackId): string | undefined {
  const volumes = currentOf(state, TYPES.volume)
    .filter(({ urn }) => urn.includes(`${TYPES.dataVolume}$`))
    .map(({ urn, outputs }) => ({ name: nameOf(urn), onServer: String(outputs?.["name"] ?? "") }))
    .filter(({ name, onServer }) => onServer !== "" && onServer !== scopedNameOf(id, name));
  const [first] = volumes;
  if (!first) return undefined;
  const former = first.onServer.slice(0, -`-${first.name}`.length);
  const stack = former.startsWith(`${id.project}-`) ? former.slice(id.project.length + 1) : undefined;
  const back = stack
    ? `Rename it back: pulumi stack rename ${stack} --stack ${id.stack}, and rename Pulumi.${id.stack}.yaml to Pulumi.${stack}.yaml.`
    : "Rename project and stack back.";
  return `The data of this stack is in the volumes of ${former} (${volumes.map(({ onServer }) => onServer).join(", ")}), but its name is now ${id.project}-${id.stack}. It would be deployed on new, empty volumes. Nothing was changed. ${back}`;
}
