import { engineHome, engineVariables } from "./environment.mts";
import { findPulumi } from "./find.mts";
import { installPulumi } from "./install.mts";

/** Makes Pulumi and its variables available to everything this process starts; installs Pulumi where there is none. Gives the variables. */
export async function readyEngine(projectFolder: string): Promise<Record<string, string>> {
  const home = engineHome(projectFolder);
  if (!findPulumi(home)) await installPulumi(home, projectFolder);
  const variables = engineVariables(home);
  Object.assign(process.env, variables, { BERTH_PROJECT: projectFolder });
  return variables;
}
