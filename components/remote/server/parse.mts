import type { BaseImage, Server } from "./facts.mts";

/** Start and end of the call on this machine's clock, in milliseconds. */
interface Clock {
  began: number;
  ended: number;
}

const BEGIN = /^berth-doctor (\d+)\n/;

/** Parses the output of doctor.sh; undefined if it is incomplete. */
export function parseServer(printed: string, clock: Clock): Omit<Server, "loginOutput"> | undefined {
  const begin = BEGIN.exec(printed);
  if (!begin || !/^end$/m.test(printed)) return undefined;
  const lines = printed
    .slice(begin[0].length)
    .split("\n")
    .map((line) => {
      const [kind = "", ...words] = line.split(" ");
      return { kind, words };
    });
  const wordsOf = (kind: string) => lines.filter((line) => line.kind === kind).map(({ words }) => words);
  const firstWord = (kind: string) => wordsOf(kind)[0]?.[0] ?? "";
  const decodedWord = (kind: string) => decoded(firstWord(kind));
  // The last line is about the engine's data folder, if there is an engine.
  const numbers = (kind: string) => wordsOf(kind).at(-1)?.map(Number);
  const room = (kind: string) => {
    const [free, total] = numbers(kind) ?? [];
    return free !== undefined && total ? { free, total } : undefined;
  };
  const [id = "", version = ""] = wordsOf("system")[0] ?? [];
  const [memory, available] = numbers("memory") ?? [];
  const [lock] = wordsOf("apt-lock");
  const sudo = firstWord("sudo");
  const hardening = new Set(wordsOf("hardened").map(([part = ""]) => part));
  const passwords = wordsOf("passwords");
  return {
    clockAhead: secondsAhead(Number(begin[1]), clock),
    account: firstWord("account"),
    inPasswd: wordsOf("not-in-passwd").length === 0,
    shell: firstWord("shell"),
    sudo: sudo === "root" || sudo === "sudo" ? sudo : "none",
    // sudo may print a lecture before the error.
    sudoError: decodedWord("sudo-error").split("\n").at(-1) ?? "",
    system: { id, version, name: decodedWord("system-name") },
    kernel: firstWord("kernel"),
    machine: firstWord("machine"),
    processors: Number(firstWord("processors")),
    has: new Set(wordsOf("has").map(([tool = ""]) => tool)),
    lacks: wordsOf("lacks").map(([controller = ""]) => controller),
    memory: memory ? { total: memory, available: available ?? 0 } : undefined,
    disk: room("disk"),
    inodes: room("inodes"),
    addresses: [...new Set(wordsOf("address").map(([address = ""]) => address))],
    listeners: wordsOf("listens").map(([address = "", ...program]) => listener(address, program.join(" "))),
    aptLock: lock && { pid: lock[0] ?? "", program: lock[1] ?? "" },
    packages: Object.fromEntries(wordsOf("package").map(([name = "", version = ""]) => [name, version])),
    firewalls: [
      ...wordsOf("firewall").map(([name = ""]) => name),
      ...(/: active/.test(decodedWord("ufw")) ? ["ufw"] : []),
    ],
    hardening: {
      firewall: hardening.has("firewall"),
      passwords: passwords.length > 0 ? passwords.some(([accepted]) => accepted === "yes") : undefined,
      updates: hardening.has("updates"),
      bans: hardening.has("bans"),
    },
    docker: {
      version: firstWord("engine") || undefined,
      candidate: firstWord("candidate"),
      error: decodedWord("engine-error"),
      programs: Object.fromEntries(wordsOf("program").map(([name = "", path = ""]) => [name, path])),
      snap:
        wordsOf("snap-docker").length > 0 ||
        decodedWord("snap") !== "" ||
        wordsOf("program").some(([, path = ""]) => path.includes("/snap")),
      podman: /podman/i.test(decodedWord("components")),
      rootless: wordsOf("security").flat().join(" ").includes("name=rootless"),
      containerdStore: wordsOf("driver").flat().join(" ").includes("io.containerd.snapshotter"),
      context: decodedWord("context"),
      daemonJson: decodedWord("daemon-json"),
      dropIn: decodedWord("drop-in"),
      unit: decodedWord("unit"),
      swarm: firstWord("swarm"),
    },
    containers: wordsOf("container").map((words) => {
      const [name = "", project = "", stack = "", ports = ""] = words.join(" ").split("|");
      return { name, project, stack, ports };
    }),
    routes: wordsOf("route").map(([project = "", stack = "", ...names]) => ({ project, stack, names })),
    stackContainers: Number(firstWord("stack-containers")),
    foreignVolumes: wordsOf("foreign-volume").map(([name = ""]) => name),
    images: wordsOf("image").map(baseImage),
  };
}

/** 0 if the duration of the call explains the difference. The script prints its time between start and end of the call. */
function secondsAhead(server: number, { began, ended }: Clock): number {
  if (server + 1 < began / 1000) return Math.round(server - began / 1000);
  return server > ended / 1000 ? Math.round(server - ended / 1000) : 0;
}

/**
 * Parses `0.0.0.0:80`, `[::]:80`, `*:80` (both families) or `127.0.0.53%lo:53`. An old ss prints `:::80`, which says nothing of IPv4,
 * so it counts as both.
 */
function listener(local: string, owner: string) {
  const at = local.lastIndexOf(":");
  const [program = "", unit = ""] = owner.split("|");
  const address = local.slice(0, at).replace(/%[^\]]*/, "");
  return {
    address: address === "::" ? "*" : address.replace(/^\[|\]$/g, ""),
    port: Number(local.slice(at + 1)),
    program,
    unit,
  };
}

function baseImage([name = "", answer = "", nginx]: string[]): BaseImage {
  const found =
    answer === "present" ? "present" : answer === "200" ? "available" : /^[45]/.test(answer) ? "refused" : "unknown";
  return { name, found, nginx: nginx || undefined };
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString().trim();
}
