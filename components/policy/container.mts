/** Type tokens of the resources the rules are about. */
export const CONTAINER = "docker:index/container:Container";
export const VOLUME = "docker:index/volume:Volume";
export const PASSWORD = "random:index/randomPassword:RandomPassword";

/** A container as the program asks for it; what is known only later is left out. */
export interface Container {
  urn: string;
  image?: string;
  command?: string[];
  labels?: { label: string; value: string }[];
  /** `NAME=value` each. */
  envs?: string[];
  ports?: { ip?: string; external?: number }[];
  mounts?: { type?: string; source?: string }[];
  volumes?: { hostPath?: string }[];
  capabilities?: { adds?: string[] };
  healthcheck?: { tests?: string[] };
  logDriver?: string;
  logOpts?: Record<string, string>;
  memory?: number;
  cpus?: string;
  networkMode?: string;
  pidMode?: string;
  privileged?: boolean;
  restart?: string;
}

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

/** A container that runs once and ends. */
export function isJob({ restart }: Container): boolean {
  return restart === "no";
}

/** The container that owns the edge's published ports and only sleeps, or another one of the edge. */
export function isOfEdge({ urn }: Container): boolean {
  return urn.includes("berth:edge:Edge$");
}
