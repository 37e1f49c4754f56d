import { programOf } from "../../components/cli/lock/processes.mts";
import { docker } from "./docker";

const LABEL = "berth.test-process";

/** Arguments for `docker run` and `docker network create` that label an object with its test process. */
export const testLabel = ["--label", `${LABEL}=${process.pid}`];

/** Removes the containers, disks and networks of interrupted runs, whose processes no longer exist. */
export async function removeStaleContainers(): Promise<void> {
  const containers = await stale("ps", "--all");
  if (containers.length > 0) {
    console.log(`Removing ${containers.length} containers of interrupted test runs`);
    await docker("rm", "--force", "--volumes", ...containers);
  }
  const networks = await stale("network", "ls");
  if (networks.length > 0) await docker("network", "rm", ...networks);
}

async function stale(...list: string[]): Promise<string[]> {
  const listed = await docker(...list, "--filter", `label=${LABEL}`, "--format", `{{.ID}} {{.Label "${LABEL}"}}`);
  return listed.split("\n").flatMap((line) => {
    const [id, pid] = line.split(" ");
    return id && programOf(Number(pid)) === undefined ? [id] : [];
  });
}
