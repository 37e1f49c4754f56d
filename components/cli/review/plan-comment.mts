import type { Plan } from "../plan/plan.mts";
import { worstOf } from "../plan/words.mts";
import type { Stack } from "../project/stack.mts";
import { putComment } from "./comment.mts";
import { forgeOf } from "./forge.mts";

/** Writes the plan of a stack to the pull or merge request of this run, in place of an earlier plan of that stack. */
export async function commentPlan(stack: Stack, plan: () => Promise<Plan>): Promise<Plan> {
  const forge = forgeOf(process.env);
  const put = (text: string) => putComment(forge, `berth-plan ${stack.project.name}/${stack.name}`, text);
  let planned: Plan;
  try {
    planned = await plan();
  } catch (error) {
    // Without it, the comment would still show the plan of an earlier commit.
    await put(`**The plan of the stack ${stack.name} failed.** The log of the job says why.`);
    throw error;
  }
  await put(`**${worstOf(planned.json.lines, planned.json.refusals)}**\n\n${planned.markdown}`);
  return planned;
}
