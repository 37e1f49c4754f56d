#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Says where a stack runs and how to sign in: say-where.mts <stack> [fingerprint]. With a fingerprint of what was deployed, taken before
// the `up` as files may be edited meanwhile, it also keeps what the next one needs to tell what has changed (last-up.mts).
import { deployed, undisturbed } from "./drift/undisturbed.mts";
import { keep, stateNow } from "./last-up.mts";

const [stack = "dev", sources = ""] = process.argv.slice(2);
const state = stateNow(stack);
const now = await deployed(stack);
const { url, adminUser } = now.outputs;
const password = `make password${stack === "dev" ? "" : ` STACK=${stack}`}`;
const signIn = adminUser ? `\nSign in as ${adminUser}; the first password: ${password}` : "";
const said = `\nThe stack ${stack} runs: ${url}${signIn}`;
console.log(said);

if (sources !== "" && state) {
  const look = await undisturbed(stack, now).catch(() => undefined);
  keep(stack, { sources, state, said, ...(look && { look }) });
}
