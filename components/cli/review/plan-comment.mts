import type { Plan } from "../plan/plan.mts";
import { worstOf } from "../plan/words.mts";
import type { Stack } from "../project/stack.mts";
import { commentOutcome } from "./outcome.mts";

/** Writes the plan of a stack to the pull or merge request of this run, in place of an earlier plan of that stack. */
export async function commentPlan({ project, name }: Stack, plan: () => Promise<Plan>): Promise<Plan> {
  return commentOutcome(plan, {
    marker: `berth-plan ${project.name}/${name}`,
    done: ({ json, markdown }) => `**${worstOf(json.lines, json.refusals)}**\n\n${markdown}`,
    failed: `**The plan of the stack ${name} failed.** The log of the job says why.`,
  });
}
