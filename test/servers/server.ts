import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../components/model/shell";
import { docker, mirrorUrl, run, spareAddress, until } from "./docker";
import type { EngineRelease } from "./engines";
import { bareImage, DISK, fillDisk, type ProjectFolder, warmImage } from "./images";
import { testLabel } from "./stale-containers";

/**
 * The capabilities that systemd and Docker need in a container. `--privileged` needs more than some virtual machines
 * allow, and would let a test set the clock or reboot the machine.
 */
const capabilities = [
  ..."AUDIT_CONTROL AUDIT_READ DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE LINUX_IMMUTABLE MAC_ADMIN".split(" "),
  ..."NET_ADMIN NET_BROADCAST SYSLOG SYS_ADMIN SYS_NICE SYS_PACCT SYS_PTRACE SYS_TTY_CONFIG".split(" "),
];

const containerOptions = [
  ...testLabel,
  ...capabilities.flatMap((capability) => ["--cap-add", capability]),
  ...["seccomp", "apparmor", "systempaths"].flatMap((option) => ["--security-opt", `${option}=unconfined`]),
  ...["--device-cgroup-rule", "a *:* rwm", "--cgroupns", "host"],
  ...["--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec"],
  ...["--volume", "/var/lib/containerd"],
];

/** Cgroup v2 on a machine that has both versions. */
export const CGROUP_2 = "/sys/fs/cgroup/unified";

export interface StandInServerOptions {
  /** Prefix of the container's name. Default "server". */
  name?: string;
  /** Without Docker, as from a hosting provider. Default: a warm server (global-setup.ts). */
  bare?: boolean;
  /** Debian release whose Docker Berth installs; such a server is bare. Default: "bookworm". */
  engine?: EngineRelease;
  /**
   * With cgroup v2 only, as far as this machine has it: beside v1, it has none of v1's controllers. Default: what this
   * machine has.
   */
  cgroup2?: boolean;
  /** Folder of the project whose images are already built on the server. Default ".", Mail Tracker. */
  usedBy?: ProjectFolder;
  /**
   * A volume for Docker's data, which is kept; such a server is bare. Default: a volume that is removed with the
   * server.
   */
  disk?: string;
  /**
   * Size of the disk for Docker's data, in MB of this machine's memory; it is lost on a reboot. Default: this machine's
   * disk.
   */
  diskMb?: number;
}

/**
 * An Ubuntu-like server with systemd and sshd, as a container on the default bridge.
 * Users `root` and `ubuntu` (sudo without password) accept the key in `keyFile`.
 */
export class StandInServer {
  readonly port = 22;

  private constructor(
    /** The container's name. */
    readonly container: string,
    /** IP address, reachable from this machine and from other servers. It is the same after a restart. */
    readonly address: string,
    /** The server's public host key: "ssh-ed25519 AAAA…". */
    public hostKey: string,
    /** Path of the private key that may sign in. */
    readonly keyFile: string,
    private readonly directory: string,
    private readonly mirror: string | undefined,
  ) {}

  static async start(options: StandInServerOptions = {}): Promise<StandInServer> {
    const container = `berth-test-${options.name ?? "server"}-${randomBytes(4).toString("hex")}`;
    const directory = await mkdtemp(join(tmpdir(), "berth-server-"));
    try {
      const address = await spareAddress();
      const hostKey = await createKey(join(directory, "host"));
      const clientKey = await createKey(join(directory, "client"));
      const used = !options.bare && !options.disk && !options.engine;
      const cgroups = options.cgroup2 && existsSync(CGROUP_2) ? CGROUP_2 : "/sys/fs/cgroup";
      const mounts = ["--mount", diskMount(options), "--volume", `${cgroups}:/sys/fs/cgroup:rw`];
      const words = ["--name", container, "--hostname", container, ...containerOptions, ...mounts];
      const image = await (used ? warmImage(options.usedBy ?? ".") : bareImage(options.engine));
      await docker("create", ...words, image);
      const filled = used ? await fillDisk(container, image) : undefined;
      await copyHostKey(directory, container);
      await copyAddress(directory, container, address);
      await docker("start", container);
      await filled?.();
      await authorize(container, clientKey);
      const server = new StandInServer(
        container,
        address,
        hostKey,
        join(directory, "client"),
        directory,
        await mirrorUrl(),
      );
      await server.untilReady();
      return server;
    } catch (error) {
      await remove(container, directory);
      throw error;
    }
  }

  /** The settings to deploy a stack to it as root. */
  get settings(): Record<string, unknown> {
    return {
      serverHost: this.address,
      serverHostKey: this.hostKey,
      serverKeyFile: this.keyFile,
      ...(this.mirror && { registryMirrors: [this.mirror] }),
    };
  }

  /** Runs a Docker command on the server, without SSH. */
  readonly docker = (...words: string[]): Promise<string> => this.exec(commandLine(["docker", ...words]));

  /** Runs a shell command on the server as root, without SSH. */
  exec(command: string, stdin = ""): Promise<string> {
    return run("docker", ["exec", "--interactive", this.container, "sh", "-c", command], stdin);
  }

  /** Shuts down in order, as `reboot` does, and returns when sshd responds again. */
  async reboot(): Promise<void> {
    await docker("restart", "--time", "90", this.container);
    await this.untilReady();
  }

  /** Kills everything at once, and returns when sshd responds again. */
  async cutPower(): Promise<void> {
    await docker("kill", this.container);
    await docker("start", this.container);
    await this.untilReady();
  }

  /** Replaces the server's host key, as an impostor or a re-installed server would. */
  async replaceHostKey(): Promise<void> {
    await rm(join(this.directory, "host"));
    this.hostKey = await createKey(join(this.directory, "host"));
    await copyHostKey(this.directory, this.container);
    await this.exec("systemctl restart ssh");
    await until("sshd", 60, () => greeting(this.address, this.port));
  }

  /** Removes the server, its disks and its keys. */
  async stop(): Promise<void> {
    await remove(this.container, this.directory);
  }

  private async untilReady(): Promise<void> {
    await until("systemd", 60, async () => {
      const state = await this.exec("systemctl is-system-running || true");
      if (state === "running") return state;
      throw new Error(`systemd says "${state}"\n${await this.exec("systemctl --failed --no-legend || true")}`);
    });
    await until("sshd", 60, () => greeting(this.address, this.port));
  }
}

// overlay2 does not work on the container's own overlay. An anonymous volume is removed with the container.
function diskMount({ disk, diskMb }: StandInServerOptions): string {
  const inMemory = ["type=tmpfs", "device=tmpfs", `o=size=${diskMb}m`].map((option) => `volume-opt=${option}`);
  return ["type=volume", `dst=${DISK}`, ...(disk ? [`src=${disk}`] : []), ...(diskMb ? inMemory : [])].join(",");
}

async function createKey(file: string): Promise<string> {
  await rm(`${file}.pub`, { force: true });
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  return (await readFile(`${file}.pub`, "utf8")).trim();
}

async function copyHostKey(directory: string, container: string): Promise<void> {
  await docker("cp", join(directory, "host"), `${container}:/etc/ssh/ssh_host_ed25519_key`);
  await docker("cp", join(directory, "host.pub"), `${container}:/etc/ssh/ssh_host_ed25519_key.pub`);
}

async function copyAddress(directory: string, container: string, address: string): Promise<void> {
  await writeFile(join(directory, "address"), address);
  await docker("cp", join(directory, "address"), `${container}:/etc/own-address`);
}

async function authorize(container: string, publicKey: string): Promise<void> {
  const script =
    "cat >/root/.ssh/authorized_keys && install -m 600 -o ubuntu -g ubuntu /root/.ssh/authorized_keys /home/ubuntu/.ssh/";
  await run("docker", ["exec", "--interactive", container, "sh", "-c", script], `${publicKey}\n`);
}

async function remove(container: string, directory: string): Promise<void> {
  await docker("rm", "--force", "--volumes", container).catch(() => {});
  await rm(directory, { recursive: true, force: true });
}

/** The server's SSH banner, which a ready sshd sends. */
function greeting(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 2000 });
    socket.once("data", (data) => {
      socket.destroy();
      resolve(String(data));
    });
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
    socket.once("error", reject);
    socket.once("end", () => reject(new Error("closed without a greeting")));
  });
}
