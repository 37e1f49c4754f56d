import { removeLeftOver } from "./left-over";
import { makeUsedServer } from "./used";

/**
 * Before the first story: removes the containers of interrupted runs and creates the warm server that most stories
 * start from.
 */
export default async function prepareServers(): Promise<void> {
  await removeLeftOver();
  await makeUsedServer(".");
}
