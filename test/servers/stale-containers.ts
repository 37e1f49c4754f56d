import { programOf } from "../../components/cli/lock/processes.mts";
import { docker } from "./docker";

const LABEL = "berth.test-process";

/** Arguments for `docker run` that label a container with its test process. */
export const testLabel = ["--label", `${LABEL}=${process.pid}`];

/** Removes the containers and disks of interrupted runs, whose processes no longer exist. */
export async function removeStaleContainers(): Promise<void> {
  const listed = ["ps", "--all", "--filter", `label=${LABEL}`, "--format", `{{.ID}} {{.Label "${LABEL}"}}`];
  const containers = (await docker(...listed)).split("\n").filter((line) => line !== "");
  const left = containers.map((line) => line.split(" ")).filter(([, pid]) => programOf(Number(pid)) === undefined);
  if (left.length === 0) return;
  console.log(`Removing ${left.length} containers of interrupted test runs`);
  await docker("rm", "--force", "--volumes", ...left.map(([id = ""]) => id));
}
