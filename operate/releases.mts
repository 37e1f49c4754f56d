#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Lists the releases that can be gone back to: releases.mts <stack>.
import { describe, releasesOf } from "./release.mts";
import { deployedStack } from "./stack.mts";

const stack = await deployedStack(process.argv[2]);
const releases = await releasesOf(stack);
if (releases.length === 0) console.log(`The stack ${stack.name} has no release yet.`);
for (const release of releases) console.log(`${release.runs ? "*" : " "} ${describe(release)}`);
if (releases.length > 1)
  console.log("\n* runs. Back to the one before: make rollback; to another: make rollback TO=<number>");
