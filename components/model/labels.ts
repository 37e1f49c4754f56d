import { type StackId, stackNameOf } from "./names.ts";
import { quote } from "./shell.ts";

/** Prefix of all labels of Berth. */
const LABEL_PREFIX = "berth.";

/** The Docker labels of containers, networks, volumes and release images. Other files use these constants. */
export const LABELS = {
  /** Pulumi project. Together with `stack`, it identifies all objects of a stack. */
  project: "berth.project",
  /** Pulumi stack. */
  stack: "berth.stack",
  /** Service of a container, the same for all replicas. On a network or volume, its name in the program. */
  service: "berth.service",
  /** Fingerprint of a container's arguments, so that a change that the provider cannot apply replaces the container. */
  spec: "berth.spec",
  /** Keyed fingerprint of a container's files, so that another secret or configuration replaces it. */
  files: "berth.files",
  /** Fingerprint of a container's command: a release checks only commands that have not run before. */
  command: "berth.command",
  /** `true` on a single-instance container, which is deleted before its replacement is created. */
  single: "berth.single",
  /** `true` on a container that serves no requests, so that a plan reports no downtime for its replacement. */
  background: "berth.background",
  /** Name of the container whose network namespace this one joins: the edge's nginx. */
  joins: "berth.joins",
  /** Of the server's front door: the address on its network, `sandbox` on its sandbox, its version on HAProxy. */
  door: "berth.door",
  /** `true` on an edge's nginx that accepts connections from the front door only, with the PROXY protocol. */
  behindDoor: "berth.behindDoor",
  /** Path of the site's health check, on the edge's nginx. */
  healthPath: "berth.healthPath",
  /** `true` on the container that takes backups. */
  backups: "berth.backups",
  /** `true` on the backup container of a stack with point-in-time recovery. */
  pointInTime: "berth.pointInTime",
  /** `true` on a data store that a restore leaves running. */
  store: "berth.store",
  /** Of a scheduled job: its schedule and time zone, e.g. `0 7 * * 1-5 Europe/Berlin`. */
  cron: "berth.cron",
  /** Fingerprint of the migrations that a job runs. */
  migrations: "berth.migrations",
  /** Consent to an upgrade of PostgreSQL, e.g. `15 -> 17`. */
  upgrade: "berth.upgrade",
  /** Of a release: its settings as JSON. */
  settings: "berth.settings",
  /** Of a release: `name=reference` of each image it uses. */
  images: "berth.images",
  /** Of a release: the person who deployed it. */
  by: "berth.by",
  /** Of a release: commit of its sources. */
  commit: "berth.commit",
  /** Of a release: first line of the commit's message. */
  subject: "berth.subject",
  /** Of a release: `true` if its sources differ from the commit. */
  edited: "berth.edited",
  /** Of a release: number of the release that it rolled back to. */
  rollbackTo: "berth.rollback-to",
} as const;

/** A label by its short name. */
export type Label = keyof typeof LABELS;

/** A label in the form of Pulumi's Docker provider. */
export interface LabelArg<Value = string> {
  label: string;
  value: Value;
}

/** Labels of a Swarm node on which a stack's services may run. */
export function nodeLabels(stack: StackId, server: string): Record<string, string> {
  return { [nodeLabel(stack)]: "true", [serverLabel(stack)]: server };
}

/** Of `nodeLabels`, the label with the server's name in the stack's settings. */
export function serverLabel(stack: StackId): string {
  return `${LABEL_PREFIX}server.${stackNameOf(stack)}`;
}

/** Of `nodeLabels`, the label for the placement of services. Without a stack: the prefix of all such labels. */
export function nodeLabel(stack?: StackId): string {
  return `${LABEL_PREFIX}stack.${stack ? stackNameOf(stack) : ""}`;
}

/** Converts labels by their short names to the form of the Docker provider. */
export function labelArgs<Value>(own: Partial<Record<Label, Value>>): LabelArg<Value>[] {
  return (Object.keys(own) as Label[]).flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [{ label: LABELS[name], value }];
  });
}

/** Converts labels in the form of the Docker provider to a record by their full names; empty if they are secret. */
export function labelsIn(args: unknown): Record<string, string> {
  const labels: LabelArg[] = Array.isArray(args) ? args : [];
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
}

/** Value of a label in the labels of `docker inspect`. */
export function labelIn(labels: Record<string, string> | null | undefined, name: Label): string | undefined {
  return labels?.[LABELS[name]];
}

/** Selects the labels of Berth. */
export function ownLabels(labels: Record<string, string> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([label]) => label.startsWith(LABEL_PREFIX)));
}

/** Replaces `$label_<name>` in a text, e.g. `$label_health_path`. @throws Error if there is no such label. */
export function fillLabels(text: string): string {
  return text.replaceAll(VARIABLE, (_, name: string) => labelText(name));
}

/** Shell assignments of the variables `$label_<name>` that a script uses. @throws Error if there is no such label. */
export function labelVariables(script: string): string {
  const names = [...script.matchAll(VARIABLE)].map(([, name = ""]) => name);
  return [...new Set(names)]
    .sort()
    .map((name) => `label_${name}=${quote(labelText(name))}\n`)
    .join("");
}

const VARIABLE = /\$\{?label_([a-z_]+)\}?/g;

/** Name of a label by its name in shell scripts, in snake case. */
function labelText(name: string): string {
  const known: Record<string, string> = { prefix: LABEL_PREFIX, ...LABELS };
  const value = known[name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  if (value === undefined) throw new Error(`A script names the label ${name}, which Berth does not have.`);
  return value;
}
