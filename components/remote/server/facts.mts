/** What doctor.sh observes on a server. */
export interface Server {
  /** Output of the account's login shell. */
  loginOutput: string;
  /** Seconds by which the server's clock is ahead. */
  clockAhead: number;
  account: string;
  inPasswd: boolean;
  shell: string;
  /** `password`: verified with a password that a person typed. */
  sudo: "root" | "sudo" | "password" | "none";
  /** Last line of sudo's error message. */
  sudoError: string;
  system: { id: string; version: string; name: string };
  kernel: string;
  machine: string;
  processors: number;
  has: Set<string>;
  /** Cgroup controllers for limits of containers that the kernel does not have. */
  lacks: string[];
  /** KiB. */
  memory: { total: number; available: number } | undefined;
  disk: Room | undefined;
  inodes: Room | undefined;
  addresses: string[];
  /** The systemd unit is empty for a program that none started. */
  listeners: { address: string; port: number; program: string; unit: string }[];
  aptLock: { pid: string; program: string } | undefined;
  packages: Record<string, string>;
  firewalls: string[];
  hardening: Hardening;
  docker: Docker;
  containers: Container[];
  /** Routes of the server's front door. */
  routes: Route[];
  /** Number of the stack's containers, running or not. */
  stackContainers: number;
  /** Volumes with names like those of the stack that Berth has not created. */
  foreignVolumes: string[];
  images: BaseImage[];
}

/** What hardens the server, whoever has set it up. */
interface Hardening {
  /** Whether Berth's firewall is on. */
  firewall: boolean;
  /** Whether sshd accepts passwords; undefined if only root may know. */
  passwords: boolean | undefined;
  /** Whether security updates are installed automatically. */
  updates: boolean;
  /** Whether fail2ban runs. */
  bans: boolean;
}

interface Room {
  free: number;
  total: number;
}

interface Docker {
  /** Version; undefined if no engine answers. */
  version: string | undefined;
  /** Version of the package docker.io that would be installed; empty if Docker is installed, or if apt does not know it. */
  candidate: string;
  /** Error message of `docker version`. */
  error: string;
  /** Resolved paths of the programs dockerd and docker. */
  programs: Record<string, string>;
  /** Whether Docker from snap is installed. */
  snap: boolean;
  /** Whether Podman answers in place of an engine. */
  podman: boolean;
  /** Whether the engine runs rootless, for one account. */
  rootless: boolean;
  /** Whether images are in containerd's store, not in Docker's own. */
  containerdStore: boolean;
  /** Address of the engine in the client's current context. */
  context: string;
  daemonJson: string;
  /** Berth's systemd drop-in; empty if there is none. */
  dropIn: string;
  /** The unit's ExecStart and the command line of the running engine. */
  unit: string;
  swarm: string;
}

export interface Container {
  name: string;
  project: string;
  stack: string;
  /** Port mappings in the format of `docker ps`. */
  ports: string;
}

/** The names that the front door routes to a stack. */
interface Route {
  project: string;
  stack: string;
  names: string[];
}

export interface BaseImage {
  name: string;
  /** `unknown`: the engine cannot be queried. */
  found: "present" | "available" | "refused" | "unknown";
  nginx: string | undefined;
}
