// Compares what was deployed with what is there. Nothing here asks or changes anything.

import { type LabelArg, labelsIn, ownLabels } from "../../model/labels.ts";
import { nameOf } from "../../model/state.ts";
import { containerFindings } from "./containers.mts";
import type { Deployed, Engine, Thing } from "./deployed.mts";
import { differencesBetween, type Finding } from "./findings.mts";
import type { Network, Observed, Volume } from "./observed.mts";

/** Everything that is not as it was deployed. */
export function compare(deployed: Deployed, observed: Observed): Finding[] {
  return [
    ...(deployed.engine ? engineFindings(deployed.engine, observed) : []),
    ...networkFindings(deployed, observed.networks),
    ...deployed.volumes.flatMap((volume) => volumeFindings(volume, observed.volumes)),
    ...deployed.images.flatMap((image) => imageFindings(image, observed)),
    ...containerFindings(deployed, observed),
  ];
}

function engineFindings({ urn, settings, dropIn }: Engine, observed: Observed): Finding[] {
  const cure = { replace: [urn] };
  const findings: Finding[] = [];
  const wrong = settingDifferences(settings, observed.settings);
  if (wrong.length > 0)
    findings.push({ what: "Docker's settings (/etc/docker/daemon.json)", differences: wrong, cure });
  if (observed.dropIn.trim() !== dropIn.trim()) {
    const differences = [observed.dropIn === "" ? "is gone" : "its content differs"];
    findings.push({
      what: "Docker's systemd drop-in (/etc/systemd/system/docker.service.d/berth.conf)",
      differences,
      cure,
    });
  }
  return findings;
}

/** Settings of others are theirs: they are neither compared nor shown. */
function settingDifferences(settings: Record<string, unknown>, text: string): string[] {
  let there: Record<string, unknown>;
  try {
    there = text === "" ? {} : JSON.parse(text);
  } catch {
    return ["is no valid JSON, so nothing can be merged into it. Correct or remove it by hand"];
  }
  const before = flat(settings);
  const now = Object.fromEntries(Object.entries(flat(there)).filter(([key]) => key in before));
  return differencesBetween(before, now);
}

/** `{"log-opts": {"max-size": "10m"}}` as `{"log-opts.max-size": "10m"}`: objects are merged, lists replaced. */
function flat(settings: Record<string, unknown>, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[prefix + key, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}

interface NetworkArguments {
  name?: string;
  driver?: string;
  internal?: boolean;
  labels?: LabelArg[];
}

function networkFindings({ networks, leaving, complete }: Deployed, observed: Network[]): Finding[] {
  const known = [...networks.map(({ id }) => id), ...leaving];
  const findings = networks.flatMap((network): Finding[] => {
    const args: NetworkArguments = network.inputs;
    const there = observed.find(({ Id }) => Id === network.id);
    const twin = observed.find(({ Id, Name }) => Name === args.name && !known.includes(Id));
    const details =
      (there ?? twin) ? differencesBetween(networkFacts(args), observedNetworkFacts((there ?? twin) as Network)) : [];
    const differences = [
      ...(there ? [] : [twin ? "is gone; another was made by hand in its place" : "is gone"]),
      ...details,
    ];
    return differences.length === 0
      ? []
      : [{ what: `Network ${args.name}`, differences, cure: { replace: [network.urn] } }];
  });
  const strangers = observed.filter(({ Id }) => !known.includes(Id));
  return [
    ...findings,
    ...strangers.map(
      ({ Id, Name }): Finding => ({
        what: `Network ${Name} (${Id.slice(0, 12)})`,
        differences: ["was not deployed, though its name or its labels are this stack's"],
        ...(complete && { cure: { remove: { kind: "network", id: Id } } }),
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

/** A volume keeps data, so nothing is done to one that is there: only people can tell what it is worth. */
function volumeFindings(volume: Thing, observed: Volume[]): Finding[] {
  const { driver = "local", labels = [] }: { driver?: string; labels?: LabelArg[] } = volume.inputs;
  const what = `Volume ${volume.id}`;
  const there = observed.find(({ Name }) => Name === volume.id);
  if (!there) {
    const differences = [
      "is gone, and its data with it. The next up makes an empty one, for a backup to be restored into",
    ];
    return [{ what, differences, cure: { replace: [volume.urn] } }];
  }
  const differences = differencesBetween(
    { driver, ...labelFacts(labelsIn(labels)) },
    { driver: there.Driver, ...labelFacts(ownLabels(there.Labels)) },
  );
  if (differences.length === 0) return [];
  const remedy = "no up mends that, as Docker cannot change a volume that keeps data: see docs/operations.md, Drift";
  return [{ what, differences: [...differences, remedy] }];
}

function imageFindings(image: Deployed["images"][number], { images }: Observed): Finding[] {
  const name = String(image.inputs["name"]);
  const there = images.find((one) => [...(one.RepoTags ?? []), ...(one.RepoDigests ?? [])].includes(name));
  if (there?.Id === image.imageId) return [];
  const now = there && `${short(there.Id)} has its name, was deployed as ${short(image.imageId)}`;
  return [
    { what: `Image ${nameOf(image.urn)} (${name})`, differences: [now ?? "is gone"], cure: { replace: [image.urn] } },
  ];
}

function labelFacts(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [`label ${label}`, value]));
}

function short(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
