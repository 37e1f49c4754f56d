import { Problem } from "../../model/problem.ts";
import { resourcesOf } from "../../model/state.ts";
import type { Stack } from "../project/stack.mts";
import { findState } from "../state/state.mts";
import { type Mark, readMark } from "./mark.mts";
import { placesOf } from "./places.mts";
import { tracesOf } from "./traces.mts";

/**
 * The mark of a stack; undefined if it was created by a run that was interrupted before it could mark the stack, so that there is nothing
 * of it. @throws Problem if the stack is somebody's own.
 */
export async function requireOwn(stack: Stack, stacks: string[]): Promise<Mark | undefined> {
  const mark = await readMark(stack.name);
  if (mark) return mark;
  const state = await findState(stack);
  const resources = state === undefined ? 0 : resourcesOf(state).length;
  const traces = resources > 0 ? [] : await Promise.all(placesOf(stack, state).map((place) => tracesOf(place, stacks)));
  if (resources === 0 && traces.flat().length === 0) return undefined;
  throw new Problem(
    `The stack ${stack.name} was not made by npx berth preview-env, so it is not touched. Nothing was changed. Choose another name.`,
  );
}
