import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";

/** Runs a program and returns its standard output; an error contains its standard error. */
export function run(program: string, args: readonly string[], stdin = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${program} ${args.slice(0, 3).join(" ")} …: ${stderr || stdout || error.message}`));
      } else {
        resolve(stdout.trimEnd());
      }
    });
    // A program that reads no input may exit before all is written; its exit status decides.
    child.stdin?.on("error", () => {});
    child.stdin?.end(stdin);
  });
}

/** Runs a command of the local Docker. */
export function docker(...args: string[]): Promise<string> {
  return run("docker", args);
}

/** Runs a command as root on this machine. */
export function asRoot(args: readonly string[], stdin = ""): Promise<string> {
  const [program, ...rest] = process.getuid?.() === 0 ? args : ["sudo", ...args];
  return run(program ?? "true", rest, stdin);
}

/** This machine's address on the default bridge, where containers reach it. */
export async function bridgeAddress(): Promise<string> {
  // Older Docker versions report the gateway only after their second start; it is the subnet's first address.
  const known = "{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}";
  return (await docker("network", "inspect", "bridge", "--format", known)).replace(/\.0\/\d+$/, ".1");
}

/** A random address on the default bridge, from the half that Docker assigns last. */
export async function spareAddress(): Promise<string> {
  const subnet = await docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}");
  const [network = "", bits] = subnet.split("/");
  const half = 2 ** (31 - Number(bits));
  const first = network.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const address = first + half + randomInt(half - 1);
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** The local Docker's registry mirror as seen from a server container; undefined when this machine uses none. */
export async function mirrorUrl(): Promise<string | undefined> {
  const mirrors: unknown = JSON.parse(await docker("info", "--format", "{{json .RegistryConfig.Mirrors}}"));
  const urls = Array.isArray(mirrors) ? mirrors.map((url) => String(url).replace(/\/$/, "")) : [];
  return urls.find((url) => !["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname));
}

/** Calls `check` until it returns a value; after `seconds`, fails with its last error or with `what`. */
export async function until<T>(what: string, seconds: number, check: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} took longer than ${seconds} s`, { cause: last });
}
