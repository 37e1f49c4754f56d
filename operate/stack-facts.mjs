// Reads what `pulumi stack export` prints and says, a line each: how the engine is reached, the site's address, its release.
// Taken from the state and not from the outputs, because those are there only after a first `up` that came to its end.
import { readFileSync } from "node:fs";

const resources = JSON.parse(readFileSync(0, "utf8")).deployment?.resources ?? [];
const outputsOf = (type) => resources.find((one) => one.type === type)?.outputs ?? {};
const { reach = resources.length > 0 ? "unknown" : "nothing deployed" } = outputsOf("berth:host:Server");
const { url = "", release = "" } = outputsOf("pulumi:pulumi:Stack");
console.log([reach, url, release].join("\n"));
