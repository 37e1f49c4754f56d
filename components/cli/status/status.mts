import { shortName } from "../../model/names.ts";
import { type Maintenance, parseMaintenance } from "../maintenance/description.mts";
import { containersOf, type ShownContainer } from "./containers.mts";
import type { Expected } from "./expected.mts";
import type { Observed } from "./observed.mts";
import { type Site, siteOf } from "./site.mts";

/** The status of a stack, as `berth status --json` prints it. */
export interface Status {
  stack: string;
  /** Whether there are no problems. */
  healthy: boolean;
  /** One sentence for each problem, with what to do. */
  problems: string[];
  containers: ShownContainer[];
  /** Sizes in MiB, null where unknown. */
  volumes: { name: string; mebibytes: number | null }[];
  /** GiB. */
  disk: { free: number; total: number } | null;
  /** Report of the backup container; null if there is none. */
  backups: string | null;
  site: Site | null;
  /** The maintenance page that visitors get; null while the site is open. */
  maintenance: Maintenance | null;
}

/** KiB that a release with a new image needs, with a margin. */
const LITTLE_DISK = 2_097_152;

/** Compares the observed with the deployed stack. */
export function statusOf(expected: Expected, observed: Observed): Status {
  const { containers, problems } = containersOf(expected, observed);
  const site = siteOf(expected, observed);
  const all = [
    ...problems,
    ...diskProblems(observed),
    ...backupProblems(observed),
    ...site.problems,
    ...doorProblems(observed),
  ];
  return {
    stack: expected.stack,
    healthy: all.length === 0,
    problems: all,
    containers,
    volumes: Object.entries(observed.volumes)
      .map(([name, size]) => ({
        name: shortName(expected, name),
        mebibytes: size === undefined ? null : Math.ceil(size / 1024),
      }))
      .sort((one, other) => one.name.localeCompare(other.name)),
    disk: observed.disk ? { free: gibibytes(observed.disk.free), total: gibibytes(observed.disk.total) } : null,
    backups: observed.backups?.text.split(/^Not well:/m)[0]?.trimEnd() ?? null,
    site: site.shown,
    maintenance: parseMaintenance(observed.maintenance ?? "") ?? null,
  };
}

function diskProblems({ disk }: Observed): string[] {
  return disk && disk.free < LITTLE_DISK ? ["The disk is nearly full. docs/operations.md says how to free space."] : [];
}

function backupProblems({ backups }: Observed): string[] {
  if (!backups || backups.healthy) return [];
  const [, problems = backups.text] = backups.text.split(/^Not well:/m);
  return [problems.trim().replace(/\s*\n\s*/g, " ")];
}

/** nginx answers, but visitors come through the front door. */
function doorProblems({ door }: Observed): string[] {
  if (!door) return [];
  if (!door.runs) {
    return [
      "The front door of the server does not run, so no visitor reaches the site. On the server: docker start berth-door-sandbox, then the container berth-door-… (docker ps -a). If there is none, release a site.",
    ];
  }
  return door.names.length > 0 ? [] : ["The front door of the server has no route to the site. Release it."];
}

function gibibytes(kibibytes: number): number {
  return Math.round((kibibytes / 1_048_576) * 10) / 10;
}
