import { Problem } from "../../model/problem.ts";
import { otherServersOf } from "../../model/state.ts";
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
    const manager = await managerOf(stack, state);
    const others = otherServersOf(state);
    const lost = others.find((one) => one.name === name);
    if (!lost) {
      const names = others.map((one) => one.name).sort();
      throw new Problem(
        `The stack ${stack.name} has no server ${name} that can be removed, only ${names.join(", ")}. The server with the data is replaced by a restore (docs/several-servers.md).`,
      );
    }
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
    await forget(manager, { project: stack.project.name, stack: stack.name, name });
    await writeState(stack, withoutServer(state, name));
    await audit((await deployedStack(stack)).place, "server-removed", { server: name });
    console.log(
      `The stack ${stack.name} no longer has the server ${name}. Remove it from the setting servers, then: ${hint(stack.name, "up")}`,
    );
  });
}
