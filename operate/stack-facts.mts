// Reads what `pulumi stack export` prints and says, a line each: how the engine is reached, the site's address, its release,
// the names of the containers there should be, and of those that only wait to be deleted.
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
const containers = resources.filter(({ type }) => type === "docker:index/container:Container");
const names = (some: Resource[]) => some.map(({ outputs }) => outputs?.name).join(" ");
const expected = names(containers.filter((one) => !one.delete));
const leaving = names(containers.filter((one) => one.delete));
console.log([reach, url, release, expected, leaving].join("\n"));
