import type { ContainerInputs } from "../../model/container.ts";
import type { ImageConfig } from "../../model/inspected.ts";
import { labelsIn } from "../../model/labels.ts";
import {
  aliasList,
  capabilities,
  environment,
  type Facts,
  health,
  mebibytes,
  mountText,
  ports,
  prefixed,
  SCRATCH,
  words,
  yesNo,
} from "./facts.mts";

const NO_IMAGE: ImageConfig = { User: "" };

/** Facts of a container as deployed. The image supplies what the arguments leave out. */
export function deployedFacts(args: ContainerInputs, pids: string | undefined, image = NO_IMAGE): Facts {
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
    ...prefixed("label", { ...image.Labels, ...labelsIn(args.labels) }),
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
      (args.ports ?? []).map(({ internal, protocol = "tcp", ip = "", external }) => ({
        port: `${internal}/${protocol}`,
        address: ip,
        published: external,
      })),
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
