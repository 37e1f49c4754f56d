import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Stories that take more than three minutes, the longest first. */
const LONG = [
  "stories/cron",
  "alerts",
  "side-by-side",
  "point-in-time",
  "preview-env",
  "antone",
  "many-sites",
  "stories/logs",
  "hardening",
  "releases",
  "daily-commands",
  "devportal",
  "certificate",
  "backups",
  "postgres-upgrade",
  "plan",
  "production",
  "package",
  "metrics",
  "base-images",
  "seculite",
  "zero-downtime",
  "killed-deployment",
  "ipv6",
  "over-ssh",
  "stories/ci",
  "builds",
  "dns-certificate",
  "disk",
  "used-server",
];

/** Starts the longest stories first, so that none runs alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => groupOf(one) - groupOf(other) || rank(one) - rank(other));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place === -1 ? LONG.length : place;
}
