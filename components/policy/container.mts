import type { ContainerInputs } from "../model/container.ts";

const FIELDS = [
  "image",
  "command",
  "labels",
  "envs",
  "ports",
  "mounts",
  "volumes",
  "capabilities",
  "healthcheck",
  "logDriver",
  "logOpts",
  "memory",
  "cpus",
  "networkMode",
  "pidMode",
  "privileged",
  "restart",
] as const;

/** A container as the program asks for it; what is known only later is left out. */
export type Container = { urn: string } & Pick<ContainerInputs, (typeof FIELDS)[number]>;

/** Reads what is known of a container in a preview. */
export function containerOf(urn: string, props: Record<string, unknown>): Container {
  return { urn, ...Object.fromEntries(FIELDS.map((field) => [field, known(() => plain(props[field]))])) };
}

/** A copy without what guards values that are not known yet. @throws when one of them is. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The value, or nothing where a part of it is known only when the release has come so far. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return undefined;
    throw error;
  }
}

/** The container that owns the edge's published ports and only sleeps, or another one of the edge. */
export function isOfEdge({ urn }: Container): boolean {
  return urn.includes("berth:edge:Edge$");
}
