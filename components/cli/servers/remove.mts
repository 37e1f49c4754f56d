import { Problem } from "../../model/problem.ts";
import { otherServersOf, type State } from "../../model/state.ts";
import { forget } from "../../remote/swarm/forget.mts";
import { audit } from "../audit/audit.mts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack, readState, writeState } from "../state/state.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";
import { answers } from "./answers.mts";
import { managerOf } from "./servers.mts";
import { withoutServer } from "./without-server.mts";

/**
 * Removes a server that is lost from the Swarm and from the stack's state, so that `up` no longer waits for it. Nothing is undone on the
 * server itself. @throws Problem if it answers, or has the data.
 */
export async function removeLost(stack: Stack, name: string, yes: boolean): Promise<void> {
  await withDeployLock(stack, 0, async () => {
    const state = await readState(stack);
    const lost = otherServersOf(state).find((one) => one.name === name);
    if (!lost) throw new Problem(refusal(stack, state, name));
    if (await answers(lost)) {
      throw new Problem(
        `The server ${name} answers. To remove it in order, remove it from the setting servers, then: ${hint(stack.name, "up")}`,
      );
    }
    console.log(
      `The server ${name} does not answer. What the stack ${stack.name} has there is not removed: erase the server, or never start it again.`,
    );
    const without = hint(stack.name, "servers", "remove", name, "--yes");
    await consent({ yes, question: `Remove ${name} from the stack?`, without });
    await forget(await managerOf(stack, state), { project: stack.project.name, stack: stack.name, name });
    await writeState(stack, withoutServer(state, name));
    await audit((await deployedStack(stack)).place, "server-removed", { server: name });
    console.log(
      `The stack ${stack.name} no longer has the server ${name}. Remove it from the setting servers, then: ${hint(stack.name, "up")}`,
    );
  });
}

/** Why a name is not that of a server that can be removed. */
function refusal(stack: Stack, state: State, name: string): string {
  const others = otherServersOf(state).map((one) => one.name);
  if (others.length === 0) {
    return `The stack ${stack.name} is on one server. docs/several-servers.md says how to take several.`;
  }
  return `The stack ${stack.name} has no server ${name} that can be removed, only ${others.sort().join(", ")}. The server with the data is replaced by a restore (docs/several-servers.md).`;
}
