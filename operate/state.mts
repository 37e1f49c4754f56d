import { pulumi } from "./server.mts";

/** A resource as Pulumi's state has it; only what is used here. */
export interface Resource {
  urn: string;
  type: string;
  id?: string;
  /** Replaced, and to be deleted at the end of an update that has not come to its end. */
  delete?: boolean;
  /** What it stands for stays when it is deleted. */
  retainOnDelete?: boolean;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  deletedWith?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface Deployment {
  resources?: Resource[];
  pending_operations?: unknown[];
}

/** What `pulumi stack export` prints. Secrets in it are encrypted. */
export interface State {
  version: number;
  deployment: Deployment;
}

export const CONTAINER = "docker:index/container:Container";

/** @throws Problem when there is no such stack or its state cannot be read. */
export async function readState(stack: string): Promise<State> {
  return JSON.parse(await pulumi(stack, ["stack", "export"])) as State;
}

/** @throws Problem when the state does not hold together; nothing is changed then. */
export async function writeState(stack: string, state: State): Promise<void> {
  await pulumi(stack, ["stack", "import"], JSON.stringify(state));
}

export function resourcesOf(state: State): Resource[] {
  return state.deployment.resources ?? [];
}

/**
 * The ssh call, up to the remote command, as one line for a shell; empty for this machine's engine,
 * and undefined where nothing has been deployed.
 */
export function reachOf(state: State): string | undefined {
  const server = resourcesOf(state).find(({ type }) => type === "berth:host:Server");
  return server?.outputs?.["reach"] as string | undefined;
}
