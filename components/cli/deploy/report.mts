import { deployed, undisturbed } from "../drift/undisturbed.mts";
import type { Stack } from "../project/stack.mts";
import { hint } from "../terminal/hint.mts";
import { stateFingerprint, writeCache } from "./deploy-cache.mts";

/**
 * Prints the stack's URL and how to sign in. Given the fingerprint of the deployed sources, it also writes the cache for the
 * next `up`. The caller takes the fingerprint before deploying, because files may be edited meanwhile.
 */
export async function report(stack: Stack, sources?: string): Promise<void> {
  const state = stateFingerprint(stack);
  const deployment = await deployed(stack);
  const { url, adminUser } = deployment[0].outputs;
  const signIn = adminUser ? `\nSign in as ${adminUser}; the first password: ${hint(stack.name, "password")}` : "";
  const text = `\nThe stack ${stack.name} runs${url ? `: ${url}` : "."}${signIn}`;
  console.log(text);
  if (sources === undefined || state === undefined) return;
  const looks = await undisturbed(stack, deployment).catch(() => undefined);
  writeCache(stack, { sources, state, report: text, ...(looks && { looks }) });
}
