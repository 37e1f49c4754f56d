// A container in words for people: as it was deployed and as it is, fact by fact, so that the two can be compared.
import type { ImageConfig, Inspected } from "./observed.mts";

/** What there is to say, by what it is about. */
export type Facts = Record<string, string>;

/** A container as Pulumi recorded it: the arguments of the Docker provider. */
export interface Arguments {
  image?: string;
  name?: string;
  command?: string[];
  entrypoints?: string[];
  envs?: string[];
  labels?: { label: string; value: string }[];
  user?: string;
  memory?: number;
  memorySwap?: number;
  cpus?: string;
  restart?: string;
  networkMode?: string;
  networksAdvanced?: { name: string; aliases?: string[] }[];
  mounts?: { type: string; source?: string; target: string; readOnly?: boolean }[];
  volumes?: { containerPath?: string }[];
  tmpfs?: Record<string, string>;
  ports?: { internal: number; external?: number; ip?: string; protocol?: string }[];
  capabilities?: { adds?: string[]; drops?: string[] };
  securityOpts?: string[];
  sysctls?: Record<string, string>;
  healthcheck?: { tests: string[]; interval?: string; timeout?: string; startPeriod?: string; retries?: number };
  logDriver?: string;
  logOpts?: Record<string, string>;
  stopSignal?: string;
  shmSize?: number;
  destroyGraceSeconds?: number;
  init?: boolean;
  readOnly?: boolean;
  privileged?: boolean;
}

const NO_IMAGE: ImageConfig = { Env: null, Cmd: null, Entrypoint: null, Labels: null, User: "" };

/** A container as it was deployed. What its arguments do not say, its image does. */
export function deployedFacts(args: Arguments, pids: string | undefined, image = NO_IMAGE): Facts {
  const mounted = [...(args.mounts ?? []).map(({ target }) => target), ...Object.keys(args.tmpfs ?? {})];
  const scratch = [
    ...(args.volumes ?? []).map(({ containerPath }) => containerPath),
    ...Object.keys(image.Volumes ?? {}),
  ];
  return {
    image: args.image ?? "",
    entrypoint: words(args.entrypoints ?? image.Entrypoint),
    command: words(args.command ?? (args.entrypoints ? [] : image.Cmd)),
    user: args.user ?? image.User,
    ...environment([...(image.Env ?? []), ...(args.envs ?? [])]),
    ...prefixed("label", { ...image.Labels, ...labelsOf(args.labels) }),
    "limit of memory": mebibytes(args.memory ?? 0),
    "limit of memory and swap": mebibytes(args.memorySwap ?? 0),
    "limit of processors": String(Number(args.cpus ?? 0)),
    ...(pids !== undefined && { "limit of processes": pids }),
    "restart policy": args.restart ?? "no",
    "network mode": args.networkMode ?? "",
    ...prefixed(
      "network",
      Object.fromEntries((args.networksAdvanced ?? []).map(({ name, aliases = [] }) => [name, aliasList(aliases)])),
    ),
    ...prefixed(
      "mount",
      Object.fromEntries(
        (args.mounts ?? []).map((one) => [one.target, mountText(one.type, one.source, !one.readOnly)]),
      ),
    ),
    ...prefixed(
      "mount",
      Object.fromEntries(scratch.filter((path) => path && !mounted.includes(path)).map((path) => [path, SCRATCH])),
    ),
    ...prefixed("folder in memory", args.tmpfs),
    ...ports(
      (args.ports ?? []).map((one) => [`${one.internal}/${one.protocol ?? "tcp"}`, `${one.ip ?? ""}:${one.external}`]),
    ),
    "capabilities added": capabilities(args.capabilities?.adds),
    "capabilities dropped": capabilities(args.capabilities?.drops),
    "security options": words(args.securityOpts),
    ...prefixed("kernel setting", args.sysctls),
    ...health(args.healthcheck && { ...args.healthcheck, test: args.healthcheck.tests }),
    "log driver": args.logDriver ?? "",
    ...prefixed("log option", args.logOpts),
    "stop signal": args.stopSignal ?? image.StopSignal ?? "SIGTERM",
    "shared memory": mebibytes(args.shmSize ?? 64),
    init: yesNo(args.init),
    "read-only root": yesNo(args.readOnly),
    privileged: yesNo(args.privileged),
  };
}

/** A container as `docker inspect` tells it. */
export function observedFacts(
  { Id, Name, Config, HostConfig, Mounts, NetworkSettings }: Inspected,
  pids: boolean,
): Facts {
  const own = [Id.slice(0, 12), Name.replace(/^\//, "")];
  const networks = Object.entries(NetworkSettings.Networks ?? {}).map(([name, { Aliases }]) => [
    name,
    aliasList((Aliases ?? []).filter((alias) => !own.includes(alias))),
  ]);
  const joins = HostConfig.NetworkMode.startsWith("container:");
  return {
    image: Config.Image,
    entrypoint: words(Config.Entrypoint),
    command: words(Config.Cmd),
    user: Config.User,
    ...environment(Config.Env ?? []),
    ...prefixed("label", Config.Labels ?? {}),
    "limit of memory": mebibytes(HostConfig.Memory / MEBIBYTE),
    "limit of memory and swap": mebibytes(HostConfig.MemorySwap / MEBIBYTE),
    "limit of processors": String(HostConfig.NanoCpus / 1e9),
    ...(pids && { "limit of processes": String(HostConfig.PidsLimit ?? "none") }),
    "restart policy": HostConfig.RestartPolicy.Name || "no",
    "network mode": HostConfig.NetworkMode,
    ...(!joins && prefixed("network", Object.fromEntries(networks))),
    ...prefixed(
      "mount",
      Object.fromEntries(
        Mounts.filter(({ Type }) => Type !== "tmpfs").map(({ Type, Name, Source, Destination, RW }) => [
          Destination,
          mountText(Type, Type === "volume" ? Name : Source, RW),
        ]),
      ),
    ),
    ...prefixed("folder in memory", HostConfig.Tmpfs ?? {}),
    ...ports(
      Object.entries(HostConfig.PortBindings ?? {}).flatMap(([port, bindings]) =>
        (bindings ?? []).map(({ HostIp, HostPort }) => [port, `${HostIp}:${HostPort}`] as const),
      ),
    ),
    "capabilities added": capabilities(HostConfig.CapAdd),
    "capabilities dropped": capabilities(HostConfig.CapDrop),
    "security options": words(HostConfig.SecurityOpt),
    ...prefixed("kernel setting", HostConfig.Sysctls ?? {}),
    ...health(Config.Healthcheck && inSeconds(Config.Healthcheck)),
    "log driver": HostConfig.LogConfig.Type,
    ...prefixed("log option", HostConfig.LogConfig.Config ?? {}),
    "stop signal": Config.StopSignal || "SIGTERM",
    "shared memory": mebibytes(HostConfig.ShmSize / MEBIBYTE),
    init: yesNo(HostConfig.Init),
    "read-only root": yesNo(HostConfig.ReadonlyRootfs),
    privileged: yesNo(HostConfig.Privileged),
  };
}

/** What Docker lets one change in a container that runs, so that it need not be replaced. */
export const CHANGED_IN_PLACE = [
  "limit of memory",
  "limit of memory and swap",
  "limit of processors",
  "restart policy",
];

const MEBIBYTE = 1024 * 1024;
const SCRATCH = "a volume of its own, writable";

function labelsOf(labels: Arguments["labels"]): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}

function prefixed(prefix: string, values: Record<string, string> | undefined): Facts {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${prefix} ${key}`, value]));
}

/** Later ones count. */
function environment(variables: string[]): Facts {
  return Object.fromEntries(
    variables.map((text) => {
      const equals = text.indexOf("=");
      return [`environment ${text.slice(0, equals)}`, text.slice(equals + 1)];
    }),
  );
}

function words(list: readonly string[] | null | undefined): string {
  return (list ?? []).join(" ");
}

function mebibytes(count: number): string {
  return count > 0 ? `${count} MiB` : "none";
}

function aliasList(aliases: readonly string[]): string {
  return `known there as ${[...new Set(aliases)].sort().join(", ") || "nothing else"}`;
}

function mountText(type: string, source: string | undefined, writable: boolean): string {
  // Names of volumes without a name are 64 hexadecimal digits.
  if (type === "volume" && /^[0-9a-f]{64}$/.test(source ?? ""))
    return writable ? SCRATCH : "a volume of its own, read-only";
  return `${type === "bind" ? "folder" : type} ${source}, ${writable ? "writable" : "read-only"}`;
}

function ports(bindings: (readonly [string, string])[]): Facts {
  const facts: Facts = {};
  for (const [port, where] of bindings) {
    const key = `port ${port}`;
    facts[key] = facts[key] ? `${facts[key]}, ${where}` : where;
  }
  return facts;
}

function capabilities(list: readonly string[] | null | undefined): string {
  return (list ?? [])
    .map((name) => name.replace(/^CAP_/, ""))
    .sort()
    .join(", ");
}

interface Health {
  test: string[];
  interval?: string;
  timeout?: string;
  startPeriod?: string;
  retries?: number;
}

function health(check: Health | null | undefined): Facts {
  if (!check) return {};
  const { test, interval, timeout, startPeriod, retries } = check;
  const times = `every ${seconds(interval)} s, ${seconds(timeout)} s each, ${retries ?? 0} tries, after ${seconds(startPeriod)} s`;
  return { "health check": `${words(test)} (${times})` };
}

function inSeconds(check: NonNullable<ImageConfig["Healthcheck"]>): Health {
  const { Test = [], Interval = 0, Timeout = 0, StartPeriod = 0, Retries = 0 } = check;
  const text = (nanoseconds: number) => `${nanoseconds / 1e9}s`;
  return {
    test: Test,
    interval: text(Interval),
    timeout: text(Timeout),
    startPeriod: text(StartPeriod),
    retries: Retries,
  };
}

/** Go's notation of a time, such as `1m15s`, in seconds. */
function seconds(text = "0s"): number {
  const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

function yesNo(value: boolean | null | undefined): string {
  return value ? "yes" : "no";
}
