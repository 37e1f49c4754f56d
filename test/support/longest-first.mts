import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Stories that take more than five minutes, the longest first. */
const LONG = [
  "stories/cron",
  "stories/side-by-side",
  "antone",
  "postgres-upgrade",
  "daily-commands",
  "production",
  "releases",
  "point-in-time",
  "over-ssh",
  "alerts",
  "killed-deployment",
  "seculite",
  "devportal",
  "package",
  "plan",
  "certificate",
  "stories/logs",
  "zero-downtime",
  "backups",
  "preview-env",
  "many-sites",
  "base-images",
  "builds",
  "engines",
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
