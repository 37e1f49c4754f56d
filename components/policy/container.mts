import type { ContainerInputs } from "../model/container.ts";
import { TYPES } from "../model/types.ts";

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

/** A container's inputs; those that are unknown during the preview are undefined. */
export type Container = { urn: string } & Pick<ContainerInputs, (typeof FIELDS)[number]>;

/** Reads the inputs of a container that are known. */
export function containerOf(urn: string, props: Record<string, unknown>): Container {
  return { urn, ...Object.fromEntries(FIELDS.map((field) => [field, knownOrUndefined(() => plain(props[field]))])) };
}

/** A plain copy, without the proxies that guard unknown values. @throws UnknownValueError if it contains an unknown value. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The value, or undefined if a part of it is unknown during the preview. */
export function knownOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return undefined;
    throw error;
  }
}

/** Whether a container belongs to the edge. */
export function isOfEdge({ urn }: Container): boolean {
  return urn.includes(`${TYPES.edge}$`);
}
