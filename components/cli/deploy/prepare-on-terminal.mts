import { currentOf, nameOf, type State } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import { prepareControlDirectory } from "../../remote/control-directory.ts";
import { closeConnection } from "../../remote/run.mts";
import { observe } from "../../remote/server/observe.mts";
import { prepareServer } from "../../remote/server/prepare.mts";
import { wantedFor } from "../../remote/server/wanted.mts";
import { sharedPrefix } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { targetOf } from "../doctor/target.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { sudoPassword } from "../terminal/sudo-password.mts";

/**
 * Prepares the server of a stack that has not been deployed to it, where sudo needs a password, which Pulumi could not ask for. The
 * preparation by Pulumi then finds the server ready. A server that does not answer is left to Pulumi, which waits for it.
 */
export async function prepareOnTerminal(stack: Stack, state: State): Promise<void> {
  if (!process.stdin.isTTY) return;
  const settings = readSettings(stack);
  const sshPrefix = sharedPrefix(settings);
  if (sshPrefix === undefined || isPrepared(state)) return;
  const place = placeOf(stack, sshPrefix);
  prepareControlDirectory();
  const { server } = await observe(place);
  const password = server && (await sudoPassword(place, server));
  if (password === undefined) return;
  await prepareServer(place, wantedFor(targetOf({ project: place.project, stack: stack.name, settings })), password);
  // Group membership takes effect in new connections only.
  await closeConnection(place);
}

function isPrepared(state: State): boolean {
  return currentOf(state, TYPES.command).some(({ urn }) => nameOf(urn).endsWith("-prepared"));
}
