import { Problem } from "../../model/problem.ts";
import { currentOf, outputsOf, resourcesOf, type State } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { onServer } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { swarmProblems } from "../servers/servers.mts";
import { askOthers } from "../state/others.mts";
import { deployedStack } from "../state/state.mts";
import { hint } from "../terminal/hint.mts";
import type { Expected } from "./expected.mts";
import { parseObserved } from "./observed.mts";
import { type Status, statusOf } from "./status.mts";

/** Reads the status of a stack. @throws Problem if it is not deployed, has no container, or its server does not answer. */
export async function look(stack: Stack): Promise<Status> {
  const { state, place, others } = await deployedStack(stack);
  const expected = expectedBy(stack, state);
  const observed = parseObserved(await onServer(place, "status.sh", { words: [expected.url] }));
  if (observed.containers.length === 0) {
    throw new Problem(
      `The server has no container of the stack ${stack.name}. To deploy it again: ${hint(stack.name, "up")}`,
    );
  }
  const [{ answers, problems }, ofSwarm] = await Promise.all([
    askOthers(others, async (other) => parseObserved(await onServer(other, "status.sh", { words: [""] }))),
    swarmProblems(stack, state),
  ]);
  const all = [observed, ...answers];
  const containers = all.flatMap((one) => one.containers);
  const memory = Object.assign({}, ...all.map((one) => one.memory));
  return withProblems(statusOf(expected, { ...observed, containers, memory }), [...ofSwarm, ...problems]);
}

function withProblems(status: Status, problems: string[]): Status {
  return problems.length === 0 ? status : { ...status, healthy: false, problems: [...problems, ...status.problems] };
}

/** The deployed stack according to its resources: the outputs are missing until a first `up` succeeds. */
export function expectedBy({ project, name }: Stack, state: State): Expected {
  const { url, release } = outputsOf(state, TYPES.stack);
  return {
    project: project.name,
    stack: name,
    url: typeof url === "string" ? url : "",
    release: typeof release === "string" ? release : "",
    containers: currentOf(state, TYPES.container).flatMap(nameIn),
    leaving: resourcesOf(state)
      .filter((one) => one.delete && one.type === TYPES.container)
      .flatMap(nameIn),
  };
}

function nameIn({ outputs }: { outputs?: Record<string, unknown> | undefined }): string[] {
  return typeof outputs?.["name"] === "string" ? [outputs["name"]] : [];
}
