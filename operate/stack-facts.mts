// Reads what `pulumi stack export` prints and says, a line each: how the engine is reached, the site's address, its release,
// and the names of the containers there should be.
// Taken from the state and not from the outputs, because those are there only after a first `up` that came to its end.
import { text } from "node:stream/consumers";

interface Resource {
  type: string;
  /** Replaced, and only waiting to be deleted. */
  delete?: boolean;
  outputs?: Record<string, string>;
}

const state = JSON.parse(await text(process.stdin)) as { deployment?: { resources?: Resource[] } };
const resources = state.deployment?.resources ?? [];
const outputsOf = (type: string) => resources.find((one) => one.type === type)?.outputs ?? {};
const { reach = resources.length > 0 ? "unknown" : "nothing deployed" } = outputsOf("berth:host:Server");
const { url = "", release = "" } = outputsOf("pulumi:pulumi:Stack");
const containers = resources
  .filter((one) => one.type === "docker:index/container:Container" && !one.delete)
  .map(({ outputs }) => outputs?.name);
console.log([reach, url, release, containers.join(" ")].join("\n"));
