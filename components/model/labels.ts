import { quote } from "./shell.ts";

/** Begins the name of every label of Berth. Labels of others, Docker's own among them, are theirs. */
const LABEL_PREFIX = "berth.";

/** The Docker labels of containers, networks, volumes and of the images that record releases. No other file spells one. */
export const LABELS = {
  /** Pulumi project. With `stack`, everything of a stack is found by it. */
  project: "berth.project",
  /** Pulumi stack. */
  stack: "berth.stack",
  /** Service that a container belongs to: replicas have the same one. Of a network or volume, its name in the program. */
  service: "berth.service",
  /** Fingerprint of a container's arguments: an edit that the provider cannot carry out replaces the container. */
  spec: "berth.spec",
  /** Keyed fingerprint of the files a container gets: another secret or configuration replaces it. */
  files: "berth.files",
  /** Fingerprint of what a container runs: a command that has run before is not looked up again. */
  command: "berth.command",
  /** `true` on what must never run twice: the old container is deleted before its replacement is created. */
  single: "berth.single",
  /** `true` where nobody waits for an answer: a plan does not call its absence a downtime. */
  background: "berth.background",
  /** Name of the container whose network namespace this one joins: the edge's nginx. */
  joins: "berth.joins",
  /** Path of the site that says whether it is healthy, on the edge's nginx. */
  healthPath: "berth.healthPath",
  /** `true` on the container that takes backups. */
  backups: "berth.backups",
  /** `true` on a data store that a restore leaves running. */
  store: "berth.store",
  /** Fingerprint of the migrations that a job carries out. */
  migrations: "berth.migrations",
  /** Consent to an upgrade of PostgreSQL, e.g. `15 -> 17`. */
  upgrade: "berth.upgrade",
  /** Of a release: its settings as JSON. */
  settings: "berth.settings",
  /** Of a release: `name=reference` of each image it was made of. */
  images: "berth.images",
  /** Of a release: commit of its sources. */
  commit: "berth.commit",
  /** Of a release: first line of the commit's message. */
  subject: "berth.subject",
  /** Of a release: `true` where its sources differed from the commit. */
  edited: "berth.edited",
  /** Of a release: number of the release that it rolled back to. */
  rollbackTo: "berth.rollback-to",
} as const;

/** A label by its short name. */
export type Label = keyof typeof LABELS;

/** A label as Pulumi's Docker provider takes it. */
export interface LabelArg<Value = string> {
  label: string;
  value: Value;
}

/** Labels by their short names in the form of the Docker provider, in the order given. */
export function labelArgs<Value>(own: Partial<Record<Label, Value>>): LabelArg<Value>[] {
  return (Object.keys(own) as Label[]).flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [{ label: LABELS[name], value }];
  });
}

/** The same the other way round: all labels among the inputs of a resource by their full names; none where they are a secret. */
export function labelsIn(args: unknown): Record<string, string> {
  const labels: LabelArg[] = Array.isArray(args) ? args : [];
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
}

/** The value of a label, from all labels as `docker inspect` shows them. */
export function labelIn(labels: Record<string, string> | null | undefined, name: Label): string | undefined {
  return labels?.[LABELS[name]];
}

/** Those of all labels that are Berth's. */
export function ownLabels(labels: Record<string, string> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([label]) => label.startsWith(LABEL_PREFIX)));
}

/** A text with the labels it names as `$label_<name>`, e.g. `$label_health_path`. @throws Error where there is no such label. */
export function fillLabels(text: string): string {
  return text.replaceAll(VARIABLE, (_, name: string) => named(name));
}

/**
 * A shell script with what it takes from here before it: the variables `$label_<name>` and the function `of_stack`, each where the
 * script names it, so that another new label changes no script.
 * @throws Error where there is no such label.
 */
export function withLabels(script: string): string {
  const source = (/\bof_stack\b/.test(script) ? OF_STACK : "") + script;
  const names = [...source.matchAll(VARIABLE)].map(([, name = ""]) => name);
  const variables = [...new Set(names)].sort().map((name) => `label_${name}=${quote(named(name))}\n`);
  return variables.join("") + source;
}

/** Words of Docker such as `ps --all`, for what belongs to the stack `$stack` of `$project` alone; newest first. */
const OF_STACK =
  'of_stack() { docker "$@" --filter "label=$label_project=$project" --filter "label=$label_stack=$stack"; }\n';

const VARIABLE = /\$\{?label_([a-z_]+)\}?/g;

/** By the name a shell script has for it: words with underscores between. */
function named(name: string): string {
  const known: Record<string, string> = { prefix: LABEL_PREFIX, ...LABELS };
  const value = known[name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  if (value === undefined) throw new Error(`A script names the label ${name}, which Berth does not have.`);
  return value;
}
