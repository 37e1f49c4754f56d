import type { Server } from "../../remote/server/facts.mts";
import type { BaseImage } from "../base-images/look.mts";
import type { Settings } from "./settings.mts";

export type { Server };

/** The observations that the checks judge. */
export interface Facts {
  project: string;
  stack: string;
  settings: Settings;
  /** The commands of the setting secretCommands, and why they fail. Default: none. */
  secretCommands?: { name: string; failure?: string }[];
  workstation: Workstation;
  engine: Engine;
  connection: Connection;
  /** The server, or this machine if the stack has no server; undefined if it cannot be reached. */
  server: Server | undefined;
  /** This machine, if it builds images for a registry. */
  builder: Server | undefined;
  /** DNS records of the site's names. */
  names: SiteName[];
  /** Addresses to which this machine resolves serverHost. */
  serverAddresses: string[];
  /** The site's public ports, probed from this machine; empty if the stack is on this machine. */
  publicPorts: PortProbe[];
  registry: SignIn | undefined;
  /** Base images of the lock and of Dockerfiles, compared with their registries. */
  baseImages: BaseImage[];
}

export interface Workstation {
  node: string;
  platform: string;
  architecture: string;
  /** Folder of the sockets of shared connections, and why ssh cannot use it. */
  sockets: { folder: string; problem: string | undefined };
  umask: number;
  /** Output of `ssh -V`; undefined if ssh is not installed. */
  ssh: string | undefined;
  keyFile: KeyFile | undefined;
  agent: "keys" | "empty" | "none";
}

export interface KeyFile {
  path: string;
  exists: boolean;
  /** Permission bits. */
  mode: number;
  /** `plain`: no passphrase; `passphrase`: needs an SSH agent; `unreadable`: not an OpenSSH private key, or not readable. */
  kind: "plain" | "passphrase" | "unreadable";
}

export interface Engine {
  /** Version of Pulumi; undefined if it is not installed. */
  pulumi: string | undefined;
  oldestPulumi: string;
  backend: string;
  /** `absent`: the first deployment creates it. */
  state: "reachable" | "absent" | { refused: string };
  /** Whether Pulumi knows the stack. */
  stackExists: boolean;
  /** Number of resources in the state; undefined if it cannot be read. */
  resources: number | undefined;
  passphrase: "environment" | "file" | "none";
  /** Whether the passphrase decrypts the stack's secrets; undefined if there are none. */
  decrypts: { works: boolean; error: string } | undefined;
  /** Locks that block a deployment, with the recommended action. */
  locks: { found: string; advice: string }[];
}

export interface Connection {
  /** `local`: the stack is on this machine. */
  kind: "local" | "connected" | "failed" | "no settings";
  /** Standard error of ssh. */
  stderr: string;
}

export interface SiteName {
  name: string;
  a: string[];
  aaaa: string[];
  /** Error code of the lookup, e.g. ENOTFOUND. */
  error: string | undefined;
}

export interface PortProbe {
  port: number;
  /** `closed`: the server refuses the connection; `filtered`: a firewall drops it, so there is no answer. */
  state: "open" | "closed" | "filtered";
}

export interface SignIn {
  address: string;
  result: "signed in" | "refused" | "unreachable" | "unknown";
  /** Error message or remark; may be empty. */
  detail: string;
}
