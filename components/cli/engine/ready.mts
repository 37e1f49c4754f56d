import { withoutDockerContext } from "./docker-context.mts";
import { engineHome, engineVariables } from "./environment.mts";
import { findPulumi } from "./find.mts";
import { installPulumi } from "./install.mts";

/** Installs Pulumi if necessary, sets its environment variables for this process and its children, and returns them. */
export async function readyEngine(projectFolder: string): Promise<Record<string, string>> {
  await withoutDockerContext();
  const home = engineHome(projectFolder);
  if (!findPulumi(home)) await installPulumi(home, projectFolder);
  const variables = engineVariables(home);
  Object.assign(process.env, variables, { BERTH_PROJECT: projectFolder });
  return variables;
}
