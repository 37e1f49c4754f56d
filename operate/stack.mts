import { reachOf, readState, resourcesOf, type State } from "./state.mts";

/** A stack that is deployed. */
export interface DeployedStack {
  name: string;
  /** What its things are called on the server: `<project>-<stack>`. */
  scope: string;
  /** See `reachOf`. */
  reach: string;
  state: State;
}

/** Ends this process with what to do where the stack is not deployed. */
export async function deployedStack(name = "dev"): Promise<DeployedStack> {
  const state = await readState(name).catch(() => undefined);
  const reach = state && reachOf(state);
  if (state === undefined || reach === undefined)
    fail(`The stack ${name} is not deployed. To deploy it: make up STACK=${name}`);
  // urn:pulumi:<stack>::<project>::…
  const project = resourcesOf(state)[0]?.urn.split("::")[1] ?? "";
  return { name, scope: `${project}-${name}`, reach, state };
}

/** Says what is wrong, and ends this process. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
