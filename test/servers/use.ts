import { removeLeftOver } from "./left-over";
import { makeUsedServer } from "./used";

/** Before the first story: what was cut off earlier goes, and the server that most stories begin with is made. */
export default async function prepareServers(): Promise<void> {
  await removeLeftOver();
  await makeUsedServer(".");
}
