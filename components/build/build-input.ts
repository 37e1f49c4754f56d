import type { BuildContext } from "./context.ts";

/** Account of a registry with private base images. */
export interface SignedIn {
  /** Host and port of the registry, e.g. `ghcr.io`. */
  address: string;
  username: string;
  password: string;
}

/** The standard input of a build's step: one line of JSON, which sources.mts reads. */
export interface BuildInput extends BuildContext {
  /** The fingerprint of the sources when the program ran. */
  hash: string;
  /** Secrets by their ids. */
  secrets: Record<string, string>;
  /** Accounts of registries. If there are none, the build uses those in ~/.docker/config.json of the builder. */
  accounts: SignedIn[];
  /** Whether this machine builds, so that the build keeps the accounts of its own user. */
  here: boolean;
}
