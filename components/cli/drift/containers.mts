import { type ContainerInputs, isJob } from "../../model/container.ts";
import { type ImageConfig, type Inspected, isLeftToComplete, nameOf } from "../../model/inspected.ts";
import { labelIn, labelsIn } from "../../model/labels.ts";
import { presenceById } from "../../model/presence.ts";
import type { Deployed, DeployedContainer, File } from "./deployed.mts";
import { deployedFacts } from "./deployed-facts.mts";
import { CHANGED_IN_PLACE, type Facts } from "./facts.mts";
import { differencesBetween, differingFacts, type Finding, type Fix } from "./findings.mts";
import type { Observed } from "./observed.mts";
import { observedFacts } from "./observed-facts.mts";

/** Differences of the deployed containers, and containers that were not deployed. */
export function containerFindings(deployed: Deployed, observed: Observed): Finding[] {
  const presence = presenceById(deployed.containers, observed.containers, deployed.known);
  const unknown = presence.unknown.filter((one) => !isLeftToComplete(one));
  const assigned: Inspected[] = [];
  const findings = presence.deployed.flatMap(({ resource: container, existing }) => {
    if (existing) return changed(container, existing, observed);
    const free = unknown.filter((one) => !assigned.includes(one));
    const substitute =
      free.find((one) => one.Name === `/${argumentsOf(container).name}`) ?? free.find(sameService(container));
    if (substitute) assigned.push(substitute);
    return missing(container, substitute, observed);
  });
  return [...findings, ...unknown.map((container) => notDeployed(container, deployed, observed))];
}

/** E.g. `Container backend-1 (mailtracker-prod-backend-1-a1b2c3)`. */
function titleOf(container: DeployedContainer): string {
  return `Container ${container.name} (${argumentsOf(container).name})`;
}

function missing(container: DeployedContainer, substitute: Inspected | undefined, observed: Observed): Finding[] {
  const differences = substitute
    ? [
        `missing; ${nameOf(substitute)} (${substitute.Id.slice(0, 12)}) was created by hand in its place`,
        ...detailsOf(container, substitute, observed),
      ]
    : ["missing"];
  return [{ what: titleOf(container), differences, fix: { replace: [container.urn] } }];
}

function changed(container: DeployedContainer, current: Inspected, observed: Observed): Finding[] {
  if (!container.gate) {
    const status = `its release did not complete: it is ${statusOf(current)}. The next up retries`;
    return [{ what: titleOf(container), differences: [status] }];
  }
  const state = stateDifferences(container, current);
  const files = fileDifferences(container.gate.files, observed.files[container.id] ?? {});
  const details = detailsOf(container, current, observed);
  const differences = [...state, ...details, ...files];
  if (differences.length === 0) return [];
  return [{ what: titleOf(container), differences, fix: fixOf(container, current, observed, files.length > 0) }];
}

/** The least disruptive fix: start the container, change it in place, or replace it. */
function fixOf(container: DeployedContainer, current: Inspected, observed: Observed, files: boolean): Fix {
  const { before, now } = factsOf(container, current, observed);
  const facts = differingFacts(before, now);
  const stopped = ["exited", "created"].includes(current.State.Status);
  const running = current.State.Status === "running" || !isService(container);
  const inPlace = facts.every((fact) => CHANGED_IN_PLACE.includes(fact) || fact === PIDS);
  if (!inPlace || !(running || stopped) || (files && running) || !container.gate) return { replace: [container.urn] };
  // The gate copies the files, sets the process limit and starts the container.
  const gate = files || stopped || facts.includes(PIDS);
  const provider = facts.some((fact) => CHANGED_IN_PLACE.includes(fact));
  return { ...(gate && { replace: [container.gate.urn] }), ...(provider && { refresh: [container.urn] }) };
}

const PIDS = "limit of processes";

function detailsOf(container: DeployedContainer, current: Inspected, observed: Observed): string[] {
  const { before, now } = factsOf(container, current, observed);
  return differencesBetween(before, now);
}

function factsOf(container: DeployedContainer, current: Inspected, observed: Observed): { before: Facts; now: Facts } {
  const pids = container.gate?.pids;
  const image: ImageConfig | undefined = observed.images.find(({ Id }) => Id === current.Image)?.Config ?? undefined;
  return {
    before: deployedFacts(argumentsOf(container), pids, image),
    now: observedFacts(current, pids !== undefined),
  };
}

/** A container that restarts repeatedly is no drift: replacing it would not help. */
function stateDifferences(container: DeployedContainer, current: Inspected): string[] {
  return isService(container) && !["running", "restarting"].includes(current.State.Status)
    ? [`is ${statusOf(current)}, should run`]
    : [];
}

function statusOf({ State: { Status, ExitCode } }: Inspected): string {
  return Status === "exited" ? `stopped (exit code ${ExitCode})` : Status;
}

/** Reports that files differ, not how, as their content may be secret. */
function fileDifferences(deployed: Record<string, File>, current: Record<string, File>): string[] {
  return Object.entries(deployed).flatMap(([path, file]) => {
    const now = current[path];
    if (!now) return [`file ${path}: missing`];
    return [
      ...(now.sha256 === file.sha256 ? [] : [`file ${path}: content differs`]),
      ...(now.mode === file.mode ? [] : [`file ${path}: mode is ${now.mode}, deployed as ${file.mode}`]),
      ...(now.owner === file.owner ? [] : [`file ${path}: owner is ${now.owner}, deployed as ${file.owner}`]),
    ];
  });
}

function notDeployed(container: Inspected, deployed: Deployed, observed: Observed): Finding {
  const what = `Container ${nameOf(container)} (${container.Id.slice(0, 12)})`;
  const differences = [`not deployed, but has the labels of this stack; it is ${statusOf(container)}`];
  if (!deployed.complete) return { what, differences };
  const running = observed.containers.filter(({ State }) => State.Status === "running").map(({ Id }) => Id);
  const siblings = deployed.containers.filter((one) => sameService(one)(container));
  const serves = siblings.some((one) => !running.includes(one.id));
  const later = serves && labelIn(container.Config.Labels, "single") === undefined;
  const grace = Math.max(10, ...siblings.map((one) => argumentsOf(one).destroyGraceSeconds ?? 0));
  return { what, differences, fix: { remove: { kind: "container", id: container.Id, later, grace } } };
}

function sameService(container: DeployedContainer): (one: Inspected) => boolean {
  const service = labelIn(labelsIn(argumentsOf(container).labels), "service");
  return ({ Config }) => service !== undefined && labelIn(Config.Labels, "service") === service;
}

function isService(container: DeployedContainer): boolean {
  return !isJob(argumentsOf(container));
}

function argumentsOf({ inputs }: DeployedContainer): ContainerInputs {
  return inputs;
}
