import { removeStaleContainers } from "./stale-containers";
import { ensureWarmServer } from "./warm";

/**
 * Before the first story: removes the containers of interrupted runs and creates the warm server that most stories
 * start from.
 */
export default async function prepareServers(): Promise<void> {
  await removeStaleContainers();
  await ensureWarmServer(".");
}
