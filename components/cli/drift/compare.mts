// Compares the deployed objects with the observed ones. Pure functions: no queries, no changes.

import { applicableSettings, type DaemonSettings, mergedInto, parseDaemonJson } from "../../model/daemon-settings.ts";
import { listedDigest } from "../../model/image.ts";
import type { Network, Volume } from "../../model/inspected.ts";
import { type LabelArg, labelsIn, ownLabels } from "../../model/labels.ts";
import { presenceById } from "../../model/presence.ts";
import { nameOf } from "../../model/state.ts";
import { isRecord } from "../../model/values.ts";
import { asText } from "../../settings/setting.ts";
import { containerFindings } from "./containers.mts";
import type { Deployed, DeployedImage, DockerObject, Engine } from "./deployed.mts";
import { differencesBetween, type Finding, type Fix } from "./findings.mts";
import type { Observed } from "./observed.mts";
import { serviceFindings } from "./services.mts";

/** All differences between the deployed and the observed objects. */
export function compare(deployed: Deployed, observed: Observed): Finding[] {
  return [
    ...(deployed.engine && observed.configurable ? engineFindings(deployed.engine, observed) : []),
    ...networkFindings(deployed, observed.networks),
    ...deployed.volumes.flatMap((volume) => volumeFindings(volume, observed.volumes)),
    ...deployed.images.flatMap((image) => imageFindings(image, observed)),
    ...containerFindings(deployed, observed),
    ...deployed.services.flatMap((service) => serviceFindings(service, observed.services)),
  ].map((finding) =>
    deployed.server === "" ? finding : { ...finding, what: `${finding.what} on ${deployed.server}` },
  );
}

function engineFindings({ urn, settings, dropIn }: Engine, observed: Observed): Finding[] {
  const fix = { replace: [urn] };
  const findings: Finding[] = [];
  const wrong = settingDifferences(settings, observed);
  if (wrong.length > 0) findings.push({ what: "Docker's settings (/etc/docker/daemon.json)", differences: wrong, fix });
  if (observed.dropIn.trim() !== dropIn.trim()) {
    const differences = [observed.dropIn === "" ? "missing" : "content differs"];
    findings.push({
      what: "Docker's systemd drop-in (/etc/systemd/system/docker.service.d/berth.conf)",
      differences,
      fix,
    });
  }
  return findings;
}

/** Compares only settings that Berth writes beside those of others, and does not show others. */
function settingDifferences(wanted: DaemonSettings, { settings: text, engine }: Observed): string[] {
  const current = parseDaemonJson(text);
  if (!current) {
    return ["not valid JSON, so Berth cannot merge its settings into it. Correct or remove it by hand"];
  }
  const { settings } = applicableSettings(wanted, { ...engine, current });
  const merged = mergedInto(current, settings);
  const names = Object.keys(flatten(settings));
  const of = (all: DaemonSettings) =>
    Object.fromEntries(Object.entries(flatten(all)).filter(([name]) => names.includes(name)));
  return differencesBetween(of(merged), of(current));
}

/** Turns `{"log-opts": {"max-size": "10m"}}` into `{"log-opts.max-size": "10m"}`. Keeps lists as one value. */
function flatten(settings: Record<string, unknown>, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      isRecord(value) ? Object.entries(flatten(value, `${prefix}${key}.`)) : [[prefix + key, asText(value)]],
    ),
  );
}

interface NetworkArguments {
  name?: string;
  driver?: string;
  internal?: boolean;
  labels?: LabelArg[];
}

function networkFindings({ networks, known, complete }: Deployed, observed: Network[]): Finding[] {
  const { deployed, unknown } = presenceById(networks, observed, known);
  const findings = deployed.flatMap(({ resource: network, existing }): Finding[] => {
    const args: NetworkArguments = network.inputs;
    const sameName = unknown.find(({ Name }) => Name === args.name);
    const details =
      (existing ?? sameName)
        ? differencesBetween(networkFacts(args), observedNetworkFacts((existing ?? sameName) as Network))
        : [];
    const differences = [
      ...(existing ? [] : [sameName ? "missing; another network with its name was created by hand" : "missing"]),
      ...details,
    ];
    return differences.length === 0
      ? []
      : [{ what: `Network ${args.name}`, differences, fix: { replace: [network.urn] } }];
  });
  return [
    ...findings,
    ...unknown.map(
      ({ Id, Name }): Finding => ({
        what: `Network ${Name} (${Id.slice(0, 12)})`,
        differences: ["not deployed, but has the name or labels of this stack"],
        ...(complete && { fix: { remove: { kind: "network", id: Id } } }),
      }),
    ),
  ];
}

function networkFacts({ driver = "bridge", internal = false, labels = [] }: NetworkArguments) {
  return { driver, internal: String(internal), ...labelFacts(labelsIn(labels)) };
}

function observedNetworkFacts({ Driver, Internal, Labels }: Network) {
  return { driver: Driver, internal: String(Internal), ...labelFacts(ownLabels(Labels)) };
}

/** An existing volume may hold data, so `up` never replaces it. */
function volumeFindings(volume: DockerObject, observed: Volume[]): Finding[] {
  const { driver = "local", labels = [] }: { driver?: string; labels?: LabelArg[] } = volume.inputs;
  const what = `Volume ${volume.id}`;
  const current = observed.find(({ Name }) => Name === volume.id);
  if (!current) {
    const differences = ["missing, with its data. The next up creates an empty volume; restore a backup into it"];
    return [{ what, differences, fix: { replace: [volume.urn] } }];
  }
  const differences = differencesBetween(
    { driver, ...labelFacts(labelsIn(labels)) },
    { driver: current.Driver, ...labelFacts(ownLabels(current.Labels)) },
  );
  if (differences.length === 0) return [];
  const remedy = "up does not revert this, as Docker cannot change an existing volume: see docs/operations.md, Drift";
  return [{ what, differences: [...differences, remedy] }];
}

function imageFindings({ urn, inputs, imageId, step }: DeployedImage, { images }: Observed): Finding[] {
  const name = String(inputs["name"]);
  const listed = listedDigest(name) ?? name;
  const current = images.find((one) => [...(one.RepoTags ?? []), ...(one.RepoDigests ?? [])].includes(listed));
  if (current?.Id === imageId) return [];
  const now = current && `${short(current.Id)} has this name, deployed as ${short(imageId)}`;
  const replace = step === undefined ? [urn] : [step, urn];
  // The step builds only what is missing.
  const remove: Pick<Fix, "remove"> = step !== undefined && current ? { remove: { kind: "image", id: name } } : {};
  return [{ what: `Image ${nameOf(urn)} (${name})`, differences: [now ?? "missing"], fix: { replace, ...remove } }];
}

function labelFacts(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [`label ${label}`, value]));
}

function short(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
