import type { Stack } from "../project/stack.mts";
import { putComment } from "./comment.mts";
import { forgeOf } from "./forge.mts";

/** Writes the URL of a preview environment to the pull or merge request of this run, in place of an earlier comment. */
export async function commentPreview(stack: Stack, deploy: () => Promise<string>): Promise<string> {
  const forge = forgeOf(process.env);
  const put = (text: string) => putComment(forge, `berth-preview ${stack.project.name}/${stack.name}`, text);
  let url: string;
  try {
    url = await deploy();
  } catch (error) {
    await put("**The preview environment could not be deployed.** The log of the job says why.");
    throw error;
  }
  await put(`**Preview: ${url}**`);
  return url;
}
