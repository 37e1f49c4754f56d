import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { journalOf, journalProblems } from "../model/log-driver";
import { thisStack } from "../naming";
import { refuse } from "../problems";
import { scriptBeside } from "../scripts";
import type { ScriptArgs } from "./run-script";

/** The journal that keeps the logs of a stack after its containers are deleted. */
export interface JournalArgs {
  /** Maximum size on the disk in MB. journald deletes the oldest entries first. */
  maxSizeMb: number;
  /** Days after which journald deletes entries. */
  days: number;
  /** A syslog server that gets the entries too. Default: none. */
  ship?: ShipTo | undefined;
}

/** A server that takes syslog (RFC 5424) over TLS. */
export interface ShipTo {
  host: string;
  port: number;
  /** Certificates of its authority in PEM form. Default: those that the stack's server trusts. */
  authority?: string | undefined;
}

/**
 * The script that creates the stack's journal: a namespace of journald. Containers with the driver of `journalDriver` need it when they
 * are created. It has no triggers, as a replacement would remove the new journal with the old one.
 */
export function journalScript({ maxSizeMb, days }: JournalArgs, resource: pulumi.Resource): ScriptArgs {
  const { project, stack } = thisStack();
  refuse("the stack's logs", journalProblems({ project, stack }), resource);
  return {
    script: STEP_FUNCTIONS + scriptBeside(__dirname, "install-journal.sh"),
    undo: STEP_FUNCTIONS + scriptBeside(__dirname, "remove-journal.sh"),
    args: [project, stack, journalOf({ project, stack }), String(maxSizeMb), String(days)],
  };
}

/** The script that ships the entries of the stack's journal. */
export function shipperScript({ host, port, authority = "" }: ShipTo): ScriptArgs {
  const { project, stack } = thisStack();
  const functions = STEP_FUNCTIONS + scriptBeside(REMOTE, "prepare/apt.sh");
  return {
    script: functions + scriptBeside(__dirname, "install-shipper.sh"),
    undo: functions + scriptBeside(__dirname, "remove-shipper.sh"),
    args: [project, stack, journalOf({ project, stack }), host, String(port), `${project} ${stack}`],
    input: authority,
  };
}

const REMOTE = join(__dirname, "..", "remote");
const STEP_FUNCTIONS = scriptBeside(REMOTE, "prepare/step.sh");
