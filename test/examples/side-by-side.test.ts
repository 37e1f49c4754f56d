import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const PROJECTS = [".", "examples/seculite", "examples/antone", "examples/devportal"];

/** The ports that a project's development stack publishes, by project and setting. */
function portsOf(project: string): [string, number][] {
  const { config } = parse(readFileSync(`${project}/Pulumi.dev.yaml`, "utf8")) as { config: Record<string, unknown> };
  return Object.entries(config)
    .filter(([name]) => name.endsWith("Port"))
    .map(([name, port]) => [name, Number(port)]);
}

test("the development stacks of all projects publish different ports, so that they run side by side", () => {
  const ports = PROJECTS.flatMap(portsOf);
  // At least the site and the database of each.
  for (const project of PROJECTS) expect(portsOf(project).length, project).toBeGreaterThanOrEqual(2);
  const taken = ports.filter(([name, port]) => ports.some(([other, same]) => same === port && other !== name));
  expect(taken).toEqual([]);
});
