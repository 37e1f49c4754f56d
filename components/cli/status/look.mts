import { Problem } from "../../model/problem.ts";
import { currentOf, outputsOf, resourcesOf, type State, serversOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { onServer } from "../../remote/run.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { hint } from "../terminal/hint.mts";
import type { Expected } from "./expected.mts";
import { type Observed, parseObserved } from "./observed.mts";
import { type Status, statusOf } from "./status.mts";

/** Reads the status of a stack. @throws Problem if it is not deployed, has no container, or its server does not answer. */
export async function look(stack: Stack): Promise<Status> {
  const { state, place } = await deployedStack(stack);
  const expected = expectedBy(stack, state);
  const observed = parseObserved(await onServer(place, "status.sh", { words: [expected.url] }));
  if (observed.containers.length === 0) {
    throw new Problem(
      `The server has no container of the stack ${stack.name}. To deploy it again: ${hint(stack.name, "up")}`,
    );
  }
  const { containers, memory, problems } = await elsewhere(stack, state);
  return withProblems(
    statusOf(expected, {
      ...observed,
      containers: [...observed.containers, ...containers],
      memory: { ...observed.memory, ...memory },
    }),
    problems,
  );
}

/** The containers on the other servers of the stack, and a problem for each server that does not answer. */
async function elsewhere(stack: Stack, state: State) {
  const found: Pick<Observed, "containers" | "memory"> & { problems: string[] } = {
    containers: [],
    memory: {},
    problems: [],
  };
  const others = serversOf(state).filter(({ name }) => name !== "");
  await Promise.all(
    others.map(async ({ name, sshPrefix }) => {
      try {
        const observed = parseObserved(await onServer(placeOf(stack, sshPrefix), "status.sh", { words: [""] }));
        found.containers.push(...observed.containers);
        Object.assign(found.memory, observed.memory);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        found.problems.push(`The server ${name} does not answer, so its containers look missing. ${error.message}`);
      }
    }),
  );
  return found;
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
