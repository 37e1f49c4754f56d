import { forPlan, withProgramImages } from "../base-images/program-images.mts";
import { readySettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { findState } from "../state/state.mts";
import { type Line, linesOf } from "./lines.mts";
import { asMarkdown } from "./markdown.mts";
import { obstaclesOf } from "./obstacles.mts";
import { preview } from "./preview.mts";
import { asText } from "./terminal.mts";

export interface Plan {
  text: string;
  markdown: string;
  json: { stack: string; lines: Line[]; refusals: string[]; obstacles: string[] };
  changesData: boolean;
  refused: boolean;
}

/** Plans a release of a stack. @throws Problem if the preview fails. */
export async function planOf(stack: Stack): Promise<Plan> {
  const settings = await readySettings(stack);
  const [{ steps, refusals }, obstacles] = await Promise.all([
    withProgramImages(forPlan(stack, await findState(stack)), (variables) => preview(stack, settings, variables)),
    obstaclesOf(stack),
  ]);
  const lines = linesOf(steps);
  return {
    text: asText(stack.name, lines, refusals, obstacles),
    markdown: asMarkdown(stack.name, lines, refusals, obstacles),
    json: { stack: stack.name, lines, refusals, obstacles },
    changesData: lines.some(({ mark }) => mark.kind === "data change"),
    refused: refusals.length > 0 || obstacles.length > 0,
  };
}
