// Looks up digests for a program. build/locked-images.ts runs it with this machine's Node.js.
import { text } from "node:stream/consumers";
import { newestDigests } from "./digests.mts";
import type { LookedUp, LookUp } from "./look-up.ts";

/** Reads a `LookUp` from standard input and prints a `LookedUp`. */
export async function digests(): Promise<void> {
  const { images, routes }: LookUp = JSON.parse(await text(process.stdin));
  const found = Object.fromEntries(await newestDigests(images, routes));
  const answer: LookedUp = { found, unreachable: routes.unreachable ?? [] };
  process.stdout.write(JSON.stringify(answer));
}
