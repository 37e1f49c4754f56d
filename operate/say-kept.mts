#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Says what becomes of a stack's data when the stack is taken away: say-kept.mts <stack>.
import { readState, resourcesOf } from "./state.mts";

const [stack = ""] = process.argv.slice(2);
const volumes = resourcesOf(await readState(stack)).filter(({ type }) => type === "docker:index/volume:Volume");
const kept = volumes.filter(({ retainOnDelete }) => retainOnDelete).map(({ outputs }) => outputs?.["name"]);
if (volumes.length === 0) {
  console.log("Nothing stood there any more. Volumes it had are kept, unless it was told to delete them.");
} else if (kept.length === 0) {
  console.log("It is gone with its data.");
} else {
  console.log(`Its data is kept where it stood, in the volumes ${kept.join(", ")}.`);
  console.log(`To delete it too: set deleteData to ${stack}, then make up and make down once more.`);
}
