import { Problem } from "../../model/problem.ts";
import type { Project } from "../project/project.mts";
import { previewDown } from "./down.mts";
import { type Preview, previewsIn, stackNames } from "./previews.mts";

/** Takes down the preview environments that have expired, and returns them. @throws Problem that names those that failed, after all. */
export async function prune(project: Project, lockWait: number): Promise<Preview[]> {
  const expired = (await previewsIn(await stackNames(project))).filter((one) => one.expired);
  const failed: string[] = [];
  for (const { name, stack, expires } of expired) {
    console.log(`Taking down ${name}, which expired ${expires}`);
    try {
      await previewDown({ project, name: stack }, lockWait);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      console.error(error.message);
      failed.push(name);
    }
  }
  if (failed.length > 0) throw new Problem(`These preview environments could not be taken down: ${failed.join(", ")}`);
  return expired;
}
