import { deployed, undisturbed } from "../drift/undisturbed.mts";
import type { Stack } from "../project/stack.mts";
import { hint } from "../terminal/hint.mts";
import { keepCache, stateFingerprint } from "./deploy-cache.mts";

/**
 * Says where a stack runs and how to sign in. With a fingerprint of what was deployed, taken before the `up` as files may be edited
 * meanwhile, it also keeps what the next `up` needs to tell what changed.
 */
export async function report(stack: Stack, sources?: string): Promise<void> {
  const state = stateFingerprint(stack);
  const now = await deployed(stack);
  const { url, adminUser } = now.outputs;
  const signIn = adminUser ? `\nSign in as ${adminUser}; the first password: ${hint(stack.name, "password")}` : "";
  const said = `\nThe stack ${stack.name} runs${url ? `: ${url}` : "."}${signIn}`;
  console.log(said);
  if (sources === undefined || state === undefined) return;
  const look = await undisturbed(stack, now).catch(() => undefined);
  keepCache(stack, { sources, state, said, ...(look && { look }) });
}
