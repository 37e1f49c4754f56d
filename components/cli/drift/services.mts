// Compares the services of a Swarm with their arguments. Their files are its secrets, which nobody can change in place.
import type { SwarmService } from "../../model/inspected.ts";
import { type LabelArg, labelsIn } from "../../model/labels.ts";
import { nameOf } from "../../model/state.ts";
import type { DeployedService } from "./deployed.mts";
import {
  capabilities,
  environment,
  type Facts,
  health,
  inSeconds,
  mebibytesIn,
  prefixed,
  seconds,
  words,
  yesNo,
} from "./facts.mts";
import { differencesBetween, differingFacts, type Finding } from "./findings.mts";

/** The arguments of a service in the state, as app/swarm-service.ts writes them. */
interface ServiceInputs {
  name?: string;
  labels?: LabelArg[];
  taskSpec?: {
    containerSpec: {
      image: string;
      args?: string[];
      env?: Record<string, string>;
      user?: string;
      readOnly?: boolean;
      capAdds?: string[];
      capDrops?: string[];
      mounts?: { type: string; target: string }[];
      healthcheck?: { tests: string[]; interval?: string; timeout?: string; startPeriod?: string; retries?: number };
      stopGracePeriod?: string;
      secrets?: { secretId: string; fileName: string }[];
      labels?: LabelArg[];
    };
    resources?: { limits?: { memoryBytes?: number; nanoCpus?: number } };
    placement?: { constraints?: string[] };
    networksAdvanceds?: { id: string; aliases?: string[] }[];
    logDriver?: { name?: string; options?: Record<string, string> };
  };
}

/** How a service differs from its deployment: replaced, or only its number of containers restored. */
export function serviceFindings(service: DeployedService, observed: readonly SwarmService[]): Finding[] {
  const { urn, id, gate } = service;
  const inputs: ServiceInputs = service.inputs;
  const what = `Service ${nameOf(urn)} (${inputs.name})`;
  const current = observed.find(({ ID }) => ID === id);
  if (!current) return [{ what, differences: ["missing"], fix: { replace: [urn] } }];
  if (!gate) return [{ what, differences: ["its release did not complete. The next up retries"] }];
  const before = deployedFacts(inputs, gate.replicas);
  const now = observedFacts(current);
  const differences = differencesBetween(before, now);
  if (differences.length === 0) return [];
  const scaledOnly = differingFacts(before, now).every((fact) => fact === CONTAINERS);
  return [{ what, differences, fix: { replace: [scaledOnly ? gate.urn : urn] } }];
}

const CONTAINERS = "number of containers";

function deployedFacts({ labels, taskSpec }: ServiceInputs, replicas: number): Facts {
  const { containerSpec: container, resources, placement, networksAdvanceds, logDriver } = taskSpec ?? NO_TASK;
  return {
    [CONTAINERS]: String(replicas),
    ...prefixed("label of the service", labelsIn(labels)),
    ...prefixed("label", labelsIn(container.labels)),
    image: container.image,
    command: words(container.args),
    ...prefixed("environment", container.env),
    user: container.user ?? "",
    "read-only root": yesNo(container.readOnly),
    "capabilities added": capabilities(container.capAdds),
    "capabilities dropped": capabilities(container.capDrops),
    ...prefixed("mount", Object.fromEntries((container.mounts ?? []).map(({ target, type }) => [target, type]))),
    ...prefixed("file", Object.fromEntries((container.secrets ?? []).map((one) => [one.fileName, one.secretId]))),
    ...health(container.healthcheck && { ...container.healthcheck, test: container.healthcheck.tests }),
    "time to stop": `${seconds(container.stopGracePeriod)} s`,
    "limit of memory": mebibytesIn(resources?.limits?.memoryBytes),
    "limit of processors": String((resources?.limits?.nanoCpus ?? 0) / 1e9),
    placement: words(placement?.constraints),
    ...networks((networksAdvanceds ?? []).map(({ id, aliases }) => [id, aliases])),
    "log driver": logDriver?.name ?? "",
    ...prefixed("log option", logDriver?.options),
  };
}

function observedFacts({ Spec: { Labels, Mode, TaskTemplate } }: SwarmService): Facts {
  const { ContainerSpec: container, Resources, Placement, Networks, LogDriver } = TaskTemplate;
  return {
    [CONTAINERS]: String(Mode.Replicated?.Replicas ?? 0),
    ...prefixed("label of the service", Labels ?? {}),
    ...prefixed("label", container.Labels ?? {}),
    image: container.Image,
    command: words(container.Args),
    ...environment(container.Env ?? []),
    user: container.User,
    "read-only root": yesNo(container.ReadOnly),
    "capabilities added": capabilities(container.CapabilityAdd),
    "capabilities dropped": capabilities(container.CapabilityDrop),
    ...prefixed("mount", Object.fromEntries((container.Mounts ?? []).map(({ Target, Type }) => [Target, Type]))),
    ...prefixed("file", Object.fromEntries((container.Secrets ?? []).map((one) => [one.File.Name, one.SecretID]))),
    ...health(container.Healthcheck && inSeconds(container.Healthcheck)),
    "time to stop": `${container.StopGracePeriod / 1e9} s`,
    "limit of memory": mebibytesIn(Resources?.Limits?.MemoryBytes),
    "limit of processors": String((Resources?.Limits?.NanoCPUs ?? 0) / 1e9),
    placement: words(Placement?.Constraints),
    ...networks((Networks ?? []).map(({ Target, Aliases }) => [Target, Aliases])),
    "log driver": LogDriver?.Name ?? "",
    ...prefixed("log option", LogDriver?.Options ?? {}),
  };
}

const NO_TASK: NonNullable<ServiceInputs["taskSpec"]> = { containerSpec: { image: "" } };

function networks(list: [id: string, aliases: readonly string[] | null | undefined][]): Facts {
  return prefixed(
    "network",
    Object.fromEntries(list.map(([id, aliases]) => [id, [...(aliases ?? [])].sort().join(", ")])),
  );
}
