import type { Settings } from "./settings.mts";

/** What was observed, on which the checks judge. */
export interface Facts {
  project: string;
  stack: string;
  settings: Settings;
  workstation: Workstation;
  engine: Engine;
  connection: Connection;
  /** The server, or this machine where the stack has none; undefined where it cannot be reached. */
  server: Server | undefined;
  /** This machine, where images are built on it for a registry. */
  builder: Server | undefined;
  /** Names of the site in public DNS. */
  names: SiteName[];
  /** Addresses of the server as this machine resolves serverHost. */
  serverAddresses: string[];
  /** Ports of the site, as they answer from this machine; empty where the stack is on this machine. */
  doors: Door[];
  registry: SignIn | undefined;
}

export interface Workstation {
  node: string;
  platform: string;
  architecture: string;
  /** HOME, and the account's own home, which ssh uses. */
  home: string;
  accountHome: string;
  accountHasSshFolder: boolean;
  umask: number;
  /** What `ssh -V` says; undefined where there is no ssh. */
  ssh: string | undefined;
  keyFile: KeyFile | undefined;
  agent: "keys" | "empty" | "none";
}

export interface KeyFile {
  path: string;
  there: boolean;
  /** Permission bits. */
  mode: number;
  /** `plain`: can be used as it is; `passphrase`: only through an agent; `unreadable`: no OpenSSH private key, or not readable. */
  kind: "plain" | "passphrase" | "unreadable";
}

export interface Engine {
  /** Version of Pulumi; undefined where it is not installed. */
  pulumi: string | undefined;
  oldestPulumi: string;
  backend: string;
  /** `absent`: the first deployment makes it. */
  state: "reachable" | "absent" | { refused: string };
  /** Whether Pulumi knows the stack. */
  stackExists: boolean;
  /** Resources in the state; undefined where it cannot be read. */
  resources: number | undefined;
  passphrase: "environment" | "file" | "none";
  /** Whether it decrypts the stack's secrets; undefined where there was nothing to try. */
  decrypts: { works: boolean; said: string } | undefined;
  /** Locks that a deployment has to respect, with what to do. */
  locks: { found: string; advice: string }[];
}

export interface Connection {
  /** `here`: the stack is on this machine. */
  kind: "here" | "connected" | "failed" | "no settings";
  /** What ssh said. */
  said: string;
}

export interface Server {
  /** What the account's shell printed before anything of ours. */
  noise: string;
  /** Seconds by which the server's clock is ahead. */
  clockAhead: number;
  account: string;
  inPasswd: boolean;
  shell: string;
  sudo: "root" | "sudo" | "none";
  sudoSaid: string;
  system: { id: string; version: string; name: string };
  kernel: string;
  machine: string;
  processors: number;
  has: Set<string>;
  /** KiB. */
  memory: { all: number; available: number } | undefined;
  disk: Room | undefined;
  inodes: Room | undefined;
  addresses: string[];
  listeners: { address: string; port: number; program: string }[];
  aptLock: { pid: string; program: string } | undefined;
  packages: Record<string, string>;
  firewalls: string[];
  docker: Docker;
  containers: Container[];
  /** How many containers of this stack are there, running or not. */
  stands: number;
  images: BaseImage[];
}

interface Room {
  free: number;
  all: number;
}

interface Docker {
  /** Version; undefined where no engine answers. */
  version: string | undefined;
  refuses: string;
  /** Paths of the programs dockerd and docker, links followed. */
  programs: Record<string, string>;
  snap: boolean;
  /** The engine that the client uses. */
  context: string;
  daemonJson: string;
  unit: string;
  swarm: string;
}

export interface Container {
  name: string;
  project: string;
  stack: string;
  /** As `docker ps` prints them. */
  ports: string;
}

export interface BaseImage {
  name: string;
  /** `unknown`: the engine could not be asked. */
  found: "present" | "available" | "refused" | "unknown";
  nginx: string | undefined;
}

export interface SiteName {
  name: string;
  a: string[];
  aaaa: string[];
  /** Why DNS gave no answer, e.g. ENOTFOUND. */
  error: string | undefined;
}

export interface Door {
  port: number;
  /** `closed`: the server refuses, as nothing listens; `silent`: nothing comes back. */
  answer: "open" | "closed" | "silent";
}

export interface SignIn {
  address: string;
  result: "signed in" | "refused" | "unreachable" | "unknown";
  said: string;
}
