import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { asText } from "../../components/settings/setting";
import { collecting, containersAmong, type Registered } from "../support/mocks";
import { defaultSettings } from "../support/project";

const top = process.cwd();

interface Project {
  folder: string;
  name: string;
  program: () => Promise<unknown>;
  /** What the development stack publishes, by the port on this machine. */
  ports: Record<number, string>;
}

/** The ports that each owner named, and the sites. Where two owners named the same port, one has another number. */
const PROJECTS: Project[] = [
  {
    folder: ".",
    name: "mailtracker",
    program: () => import("../../index.js"),
    ports: { 8080: "nginx-sandbox 80", 5436: "postgres 5432" },
  },
  {
    folder: "examples/seculite",
    name: "seculite",
    program: () => import("../../examples/seculite/index.js"),
    ports: { 8090: "nginx-sandbox 80", 8001: "backend-1 8000", 5434: "postgres 5432", 6381: "redis 6379" },
  },
  {
    folder: "examples/antone",
    name: "antone",
    program: () => import("../../examples/antone/index.js"),
    ports: {
      8100: "nginx-sandbox 80",
      3000: "dashboard-1 3000",
      3001: "backend-api-1 3001",
      9229: "backend-api-1 9229",
      5435: "postgres 5432",
    },
  },
  {
    folder: "examples/devportal",
    name: "devportal",
    program: () => import("../../examples/devportal/index.js"),
    ports: {
      8000: "nginx-sandbox 80",
      8081: "adminer-1 8080",
      8082: "redis-commander-1 8081",
      5433: "postgres 5432",
      6380: "redis 6379",
    },
  },
];

interface Published {
  port: number;
  address: string;
  /** Container and port in it. */
  of: string;
}

/** The resources of a stack, as its program registers them in its folder. */
async function resources({ folder, name, program }: Project, stack: "dev" | "prod"): Promise<Registered[]> {
  process.chdir(folder);
  try {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
    const given = Object.entries(config).map(
      ([key, value]) => [key.slice(key.indexOf(":") + 1), asText(value)] as const,
    );
    vi.resetModules();
    const settings = { ...defaultSettings(), ...Object.fromEntries(given) };
    const registered = await collecting(settings, { project: name, stack });
    await pulumi.runtime.runInPulumiStack(async () => {
      await program();
      return {};
    });
    await vi.waitFor(() => expect(registered.map((one) => one.name)).toContain("release-recorded"), 20_000);
    return registered;
  } finally {
    process.chdir(top);
  }
}

/** The ports that the containers of a stack publish, with the settings in its file and the defaults of all others. */
async function published(project: Project, stack: "dev" | "prod"): Promise<Published[]> {
  return containersAmong(await resources(project, stack)).flatMap(({ name: container, inputs }) =>
    ((inputs["ports"] ?? []) as { internal: number; external: number; ip: string }[]).map((one) => ({
      port: one.external,
      address: one.ip,
      of: `${container} ${one.internal}`,
    })),
  );
}

describe("the development stacks", () => {
  const ports = new Map<string, Published[]>();
  beforeAll(async () => {
    for (const project of PROJECTS) {
      ports.set(project.name, await published(project, "dev"));
    }
  }, 240_000);

  test.each(PROJECTS)("of $name publishes the ports its owner named, on this machine's loopback only", (project) => {
    const all = ports.get(project.name) ?? [];
    expect(Object.fromEntries(all.map(({ port, of }) => [port, of]))).toEqual(project.ports);
    expect(new Set(all.map(({ address }) => address))).toEqual(new Set(["127.0.0.1"]));
  });

  test("publish different ports, so that all four run side by side", () => {
    const numbers = [...ports.values()].flat().map(({ port }) => port);
    expect(numbers).toHaveLength(PROJECTS.flatMap((project) => Object.keys(project.ports)).length);
    expect(numbers.filter((port, at) => numbers.indexOf(port) !== at)).toEqual([]);
  });
});

test.each(PROJECTS)("in production, $name publishes no port but those of the site", async (project) => {
  const ports = await published(project, "prod");
  expect(ports.map(({ of }) => of).sort()).toEqual(["nginx-sandbox 443", "nginx-sandbox 80"]);
});
