import type { BaseImage, Server } from "../facts.mts";

/** When the call began and ended here, in milliseconds. */
interface Clock {
  began: number;
  ended: number;
}

const BEGIN = /^berth-doctor (\d+)$/m;

/** Parses the output of doctor.sh; undefined if the script did not finish. */
export function parseServer(printed: string, clock: Clock): Server | undefined {
  const begin = BEGIN.exec(printed);
  if (!begin || !/^end$/m.test(printed)) return undefined;
  const lines = printed
    .slice(begin.index + begin[0].length)
    .split("\n")
    .map((line) => {
      const [kind = "", ...words] = line.split(" ");
      return { kind, words };
    });
  const all = (kind: string) => lines.filter((line) => line.kind === kind).map(({ words }) => words);
  const word = (kind: string) => all(kind)[0]?.[0] ?? "";
  const text = (kind: string) => decoded(word(kind));
  // The engine's own folder comes last and is the one that counts.
  const numbers = (kind: string) => all(kind).at(-1)?.map(Number);
  const room = (kind: string) => {
    const [free, total] = numbers(kind) ?? [];
    return free !== undefined && total ? { free, all: total } : undefined;
  };
  const [id = "", version = ""] = all("system")[0] ?? [];
  const [memory, available] = numbers("memory") ?? [];
  const [lock] = all("apt-lock");
  const sudo = word("sudo");
  return {
    noise: printed.slice(0, begin.index).trim(),
    clockAhead: secondsAhead(Number(begin[1]), clock),
    account: word("account"),
    inPasswd: all("not-in-passwd").length === 0,
    shell: word("shell"),
    sudo: sudo === "root" || sudo === "sudo" ? sudo : "none",
    // Before its reason, sudo may lecture.
    sudoSaid: text("sudo-said").split("\n").at(-1) ?? "",
    system: { id, version, name: text("system-name") },
    kernel: word("kernel"),
    machine: word("machine"),
    processors: Number(word("processors")),
    has: new Set(all("has").map(([tool = ""]) => tool)),
    memory: memory ? { all: memory, available: available ?? 0 } : undefined,
    disk: room("disk"),
    inodes: room("inodes"),
    addresses: [...new Set(all("address").map(([address = ""]) => address))],
    listeners: all("listens").map(([address = "", program = ""]) => listener(address, program)),
    aptLock: lock && { pid: lock[0] ?? "", program: lock[1] ?? "" },
    packages: Object.fromEntries(all("package").map(([name = "", version = ""]) => [name, version])),
    firewalls: [...all("firewall").map(([name = ""]) => name), ...(/: active/.test(text("ufw")) ? ["ufw"] : [])],
    docker: {
      version: word("engine") || undefined,
      refuses: text("engine-refuses"),
      programs: Object.fromEntries(all("program").map(([name = "", path = ""]) => [name, path])),
      snap: text("snap") !== "" || all("program").some(([, path = ""]) => path.includes("/snap")),
      context: text("context"),
      daemonJson: text("daemon-json"),
      unit: text("unit"),
      swarm: word("swarm"),
    },
    containers: all("container").map((words) => {
      const [name = "", project = "", stack = "", ports = ""] = words.join(" ").split("|");
      return { name, project, stack, ports };
    }),
    stands: Number(word("stands")),
    images: all("image").map(baseImage),
  };
}

/** 0 where the difference is within what the call itself took; the script answers at its begin, so no later than it ended. */
function secondsAhead(server: number, { began, ended }: Clock): number {
  if (server + 1 < began / 1000) return Math.round(server - began / 1000);
  return server > ended / 1000 ? Math.round(server - ended / 1000) : 0;
}

/** `0.0.0.0:80`, `[::]:80`, `*:80` or `127.0.0.53%lo:53`. */
function listener(local: string, program: string) {
  const at = local.lastIndexOf(":");
  return {
    address: local
      .slice(0, at)
      .replace(/^\[|\]$/g, "")
      .replace(/%.*/, ""),
    port: Number(local.slice(at + 1)),
    program,
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
