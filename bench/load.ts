import { execa } from "execa";

const IMAGE = "berth-bench-load";

/** The measurements of wrk. */
export interface Measured {
  requestsPerSecond: number;
  bytesPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Builds the image of the load generator. */
export async function prepareLoad(): Promise<void> {
  await execa("docker", ["build", "--quiet", "--tag", IMAGE, "bench"]);
}

/**
 * Requests a page over the given connections for the given seconds.
 *
 * @param url with a port, if its host name has an address in `addresses`.
 * @throws when a response is not a success.
 */
export async function wrk(
  url: string,
  connections: number,
  seconds: number,
  { headers = {}, addresses = {} }: { headers?: Record<string, string>; addresses?: Record<string, string> } = {},
): Promise<Measured> {
  const header = Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  const hosts = Object.entries(addresses).flatMap(([name, address]) => ["--add-host", `${name}:${address}`]);
  const words = ["wrk", "--latency", "--threads", "1", "--connections", String(connections), "--timeout", "60s"];
  const { stdout } = await inLoadImage(hosts, ...words, "--duration", `${seconds}s`, ...header, url);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  const value = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? "";
  const measured = {
    requestsPerSecond: Number(value(/Requests\/sec:\s+([\d.]+)/)),
    bytesPerSecond: bytes(value(/Transfer\/sec:\s+(\S+)/)),
    p50: milliseconds(value(/^ +50% +(\S+)/m)),
    p99: milliseconds(value(/^ +99% +(\S+)/m)),
  };
  if (Object.values(measured).some(Number.isNaN)) throw new Error(`wrk says what cannot be read:\n${stdout}`);
  return measured;
}

/** Lets the given number of clients read a file at 200 KB/s each during a measurement. */
export async function whileSlowClientsRead<T>(
  url: string,
  clients: number,
  token: string,
  work: () => Promise<T>,
): Promise<T> {
  const name = `berth-bench-slow-${process.pid}`;
  const reading = `header=$(cat); for client in $(seq ${clients}); do curl -s --limit-rate 200k -o /dev/null -H "$header" "$0" & done; wait`;
  const slow = execa(
    "docker",
    ["run", "--rm", "--interactive", "--name", name, "--network", "host", IMAGE, "sh", "-c", reading, url],
    {
      input: `Authorization: Bearer ${token}`,
      reject: false,
    },
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return await work();
  } finally {
    await execa("docker", ["rm", "--force", name], { reject: false });
    await slow;
  }
}

/** Memory of a container's processes, with shared memory counted proportionally (PSS). */
export async function memoryOf(container: string): Promise<number> {
  const { stdout: pids } = await execa("docker", ["top", container, "-eo", "pid"]);
  const files = pids
    .split("\n")
    .slice(1)
    .map((pid) => `/proc/${pid.trim()}/smaps_rollup`);
  const rights = ["--pid", "host", "--cap-add", "SYS_PTRACE"];
  // A health check's process may have ended in between.
  const read = ["sh", "-c", 'cat "$@" 2>/dev/null || true', "sh", ...files];
  const { stdout } = await execa("docker", ["run", "--rm", ...rights, IMAGE, ...read]);
  return [...stdout.matchAll(/^Pss:\s+(\d+) kB/gm)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
}

function inLoadImage(options: string[], ...words: string[]) {
  return execa("docker", ["run", "--rm", "--network", "host", ...options, IMAGE, ...words]);
}

/** wrk's `1.23MB`. */
function bytes(text: string): number {
  const [, number, unit = ""] = /^([\d.]+)([KMG]?)B$/.exec(text) ?? [];
  return Number(number) * 1024 ** ["", "K", "M", "G"].indexOf(unit);
}

/** wrk's `1.23ms`, `45.00us` or `1.20s`. */
function milliseconds(text: string): number {
  const [, number, unit = "ms"] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? [];
  return Number(number) * ({ us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
}
