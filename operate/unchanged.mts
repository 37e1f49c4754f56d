#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Lets `make up` skip the engine where nothing has changed since the last one: unchanged.mts <stack>.
// Exit codes: 0 program, configuration and state are those of the last `up`, nobody changes the stack just now and all is as it
// was deployed: it says where the stack runs. 4 program or configuration differ, and all is as it was deployed. 1 anything else.
// With 4 and 1 it prints a fingerprint of program and configuration, for say-where.mts.
import { lockFolder, locksIn } from "./held-locks.mts";
import { keep, type LastUp, lastUp, looksAsItDid, sourcesNow } from "./last-up.mts";
import { projectName } from "./project.mts";

const EDITED = 4;
const [stack = ""] = process.argv.slice(2);
const sources = sourcesNow(stack);

async function changed(): Promise<number> {
  const before = lastUp(stack);
  if (!before || isHeld()) return 1;
  if (before.sources !== sources) return (await looksAsItDid(stack, before)) ? EDITED : 1;
  if (!(await stands(before))) return 1;
  console.log(`Nothing has changed: neither here nor on the server.\n${before.said}`);
  return 0;
}

function isHeld(): boolean {
  return locksIn(lockFolder("file://./.pulumi-state", process.cwd(), projectName(), stack) ?? "").length > 0;
}

/** Where all looks as it did, the state need not be read. After a reboot, addresses differ and all may be well. */
async function stands(before: LastUp): Promise<boolean> {
  if (await looksAsItDid(stack, before)) return true;
  const { deployed, undisturbed } = await import("./drift/undisturbed.mts");
  const look = await undisturbed(stack, await deployed(stack));
  if (look) keep(stack, { ...before, look });
  return look !== undefined;
}

process.exitCode = await changed().catch(() => 1);
if (process.exitCode !== 0) console.log(sources);
