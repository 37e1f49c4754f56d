import { execSync } from "node:child_process";
import { nodeCall } from "../../model/node-call.ts";

/** The digest of an image, or why there is none. */
export type Looked = { digest: string } | { problem: "absent" | "refused" | "unreachable"; detail: string };

/** The ways to a registry, in the order in which they are tried. */
export interface Routes {
  /** Sign-ins to private registries, by their hosts: `account:password`. Default: none. */
  logins?: Readonly<Record<string, string>> | undefined;
  /** The stack's server, whose engine may reach a registry through its mirrors. Default: none. */
  server?: { sshPrefix: string; project: string; stack: string } | undefined;
  /** Hosts of registries, `engine` and `server`, that did not answer before and are not asked again. Default: none. */
  unreachable?: string[];
}

/** Images to look up. */
export interface LookUp {
  images: string[];
  routes: Routes;
}

export interface LookedUp {
  found: Record<string, Looked>;
  /** See `Routes`. */
  unreachable: string[];
}

/** Looks up digests while a program waits: the fingerprints of images need them, before any resource exists. */
export function lookUpNow(question: LookUp): LookedUp {
  return JSON.parse(execSync(nodeCall("digests"), { input: JSON.stringify(question), encoding: "utf8" }));
}
