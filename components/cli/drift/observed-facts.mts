import { type Inspected, nameOf } from "../../model/inspected.ts";
import {
  aliasList,
  capabilities,
  environment,
  type Facts,
  health,
  inSeconds,
  mebibytesIn,
  mountText,
  ports,
  prefixed,
  words,
  yesNo,
} from "./facts.mts";

/** Facts of a container from `docker inspect`. */
export function observedFacts(
  { Id, Name, Config, HostConfig, Mounts, NetworkSettings }: Inspected,
  pids: boolean,
): Facts {
  const own = [Id.slice(0, 12), nameOf({ Name })];
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
    "limit of memory": mebibytesIn(HostConfig.Memory),
    "limit of memory and swap": mebibytesIn(HostConfig.MemorySwap),
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
        (bindings ?? []).map(({ HostIp, HostPort }) => ({ port, address: HostIp, published: HostPort })),
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
    "shared memory": mebibytesIn(HostConfig.ShmSize),
    init: yesNo(HostConfig.Init),
    "read-only root": yesNo(HostConfig.ReadonlyRootfs),
    privileged: yesNo(HostConfig.Privileged),
  };
}
