import type { Stack } from "../project/stack.mts";
import { commentOutcome } from "./outcome.mts";

/** Writes the URL of a preview environment to the pull or merge request of this run, in place of an earlier comment. */
export async function commentPreview({ project, name }: Stack, deploy: () => Promise<string>): Promise<string> {
  return commentOutcome(deploy, {
    marker: `berth-preview ${project.name}/${name}`,
    done: (url) => `**Preview: ${url}**`,
    failed: "**The preview environment could not be deployed.** The log of the job says why.",
  });
}
