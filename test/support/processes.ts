/** A container as `docker inspect` reports it. */
interface Inspected {
  Config: { Labels: Record<string, string> };
  State: { Running: boolean; Pid: number };
}

/** The first process of a container, as the kernel of its server reports it. */
interface FirstProcess {
  service: string;
  uid: string;
  /** Effective capabilities. */
  capabilities: string[];
  /** Whether it can gain no privileges. */
  locked: boolean;
}

/** The first processes of the running containers, sorted by service. */
export async function processesOf(
  containers: Inspected[],
  onServer: (command: string) => Promise<string>,
): Promise<FirstProcess[]> {
  const running = containers.filter(({ State }) => State.Running);
  const found = await Promise.all(
    running.map(async ({ Config, State }) => {
      const status = await onServer(`cat /proc/${State.Pid}/status`);
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? "";
      return {
        service: Config.Labels["berth.service"] ?? "",
        uid: field("Uid"),
        capabilities: capabilitiesIn(field("CapEff")),
        locked: field("NoNewPrivs") === "1",
      };
    }),
  );
  return found.sort((one, other) => one.service.localeCompare(other.service));
}

/** Names of those capabilities that containers here may have; others by their number. */
function capabilitiesIn(hexadecimal: string): string[] {
  const bits = BigInt(`0x${hexadecimal}`);
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (bits >> BigInt(bit)) & 1n)
    .map((bit) => NAMES[bit] ?? String(bit));
}

const NAMES: Record<number, string> = { 1: "CAP_DAC_OVERRIDE", 6: "CAP_SETGID", 7: "CAP_SETUID" };
