import { otherServersOf, type State } from "../../model/state.ts";
import { EngineApi, Unreachable } from "../../remote/swarm/engine-api.mts";
import { swarmOf } from "../../remote/swarm/swarm.mts";

/** Whether the engine of a server answers over SSH. */
export async function answers({ name, sshPrefix }: { name: string; sshPrefix: string }): Promise<boolean> {
  try {
    await swarmOf(new EngineApi(name, sshPrefix));
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}

/** Names of the servers that do not answer, but for the one with the data. */
export async function silentServers(state: State): Promise<string[]> {
  const asked = otherServersOf(state).map(async (one) => ((await answers(one)) ? [] : [one.name]));
  return (await Promise.all(asked)).flat();
}
