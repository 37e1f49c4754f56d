import { pulumi } from "../engine/pulumi.mts";
import { type Project, stateFolder } from "../project/project.mts";
import { type Mark, readMark } from "./mark.mts";
import { mayBePreview, nameOfStack } from "./name.mts";

/** A preview environment, as `list --json` prints it. */
export interface Preview {
  name: string;
  stack: string;
  url: string;
  /** Text that its name was made from, e.g. of a branch. */
  of: string;
  /** Time of the first `up`, ISO 8601, UTC. */
  created: string;
  /** Time from which `prune` takes it down. */
  expires: string;
  expired: boolean;
  commit: string;
  /** Who deployed it last. */
  by: string;
  /** Whether the last `up` succeeded. */
  complete: boolean;
}

/** The stacks of a project. */
export async function stackNames(project: Project): Promise<string[]> {
  // Pulumi fails if the folder of a file backend is missing, as in a new project.
  stateFolder(project);
  const stacks: { name: string }[] = JSON.parse(await pulumi(["stack", "ls", "--json"]));
  return stacks.map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
}

/** The preview environments of a project, the oldest first. `stacks` are the names of the project's stacks. */
export async function previewsIn(stacks: string[], now = new Date()): Promise<Preview[]> {
  const found = await Promise.all(
    stacks.filter(mayBePreview).map(async (stack) => {
      const mark = await readMark(stack);
      return mark ? [describe(stack, mark, now)] : [];
    }),
  );
  return found.flat().sort((one, other) => one.created.localeCompare(other.created));
}

/** The time some days later, ISO 8601, UTC. */
export function daysAfter(from: Date, days: number): string {
  return new Date(from.getTime() + days * 86_400_000).toISOString();
}

/** One whose first `up` was interrupted early has no lifetime yet. */
function describe(stack: string, { made, updated }: Mark, now: Date): Preview {
  const { of, url, created } = made;
  const tomorrow = daysAfter(new Date(created), 1);
  const { expires = tomorrow, commit = "", by = "", complete = false } = updated ?? {};
  return {
    ...{ name: nameOfStack(stack), stack, url, of, created, expires },
    ...{ expired: Date.parse(expires) <= now.getTime(), commit, by, complete },
  };
}
