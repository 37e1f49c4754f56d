import { reachOf, readState } from "./state.mts";

/** A stack that is deployed. */
export interface DeployedStack {
  name: string;
  /** How its engine is reached, see `reachOf`. */
  reach: string;
}

/** Ends this process with what to do where the stack is not deployed. */
export async function deployedStack(name = "dev"): Promise<DeployedStack> {
  const state = await readState(name).catch(() => undefined);
  const reach = state && reachOf(state);
  return reach === undefined
    ? fail(`The stack ${name} is not deployed. It is deployed by: make up STACK=${name}`)
    : { name, reach };
}

/** Says what is wrong, and ends this process. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
