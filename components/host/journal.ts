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

const STEP_FUNCTIONS = scriptBeside(join(__dirname, "..", "remote"), "prepare/step.sh");
