import { z } from "zod";
import { parsedJson } from "../../model/parsed-json.ts";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";
import { pulumi } from "../engine/pulumi.mts";

/** Tag of a preview environment: what stays the same. A stack without it is no preview environment. */
const MADE = "berth:preview";
/** Tag with its last `up`. Two tags, since Pulumi Cloud limits a tag to 256 characters. */
const UPDATED = "berth:preview-up";

const Made = z.object({
  /** Text that its name was made from, e.g. of a branch. */
  of: z.string(),
  url: z.string(),
  /** Time of the first `up`, ISO 8601, UTC. */
  created: z.string(),
  /** Whether its data was seeded. */
  seeded: z.boolean().optional(),
});
export type Made = z.infer<typeof Made>;

const Updated = z.object({
  expires: z.string(),
  commit: z.string(),
  by: z.string(),
  /** False until the `up` succeeds. */
  complete: z.boolean(),
});
export type Updated = z.infer<typeof Updated>;

/** The tags of a preview environment. The second one is missing if its first `up` was interrupted early. */
export interface Mark {
  made: Made;
  updated: Updated | undefined;
}

/** Reads the tags of a stack; undefined if it is no preview environment. @throws Problem if Pulumi cannot read them. */
export async function readMark(stack: string): Promise<Mark | undefined> {
  const tags: Record<string, string> = JSON.parse(await pulumi(["stack", "tag", "ls", "--json", "--stack", stack]));
  const made = parsedJson(Made, tags[MADE] ?? "");
  return made && { made, updated: parsedJson(Updated, tags[UPDATED] ?? "") };
}

/** @throws Problem with a Pulumi that does not keep tags. */
export async function writeMade(stack: string, made: Made): Promise<void> {
  await setTag(stack, MADE, made);
  // Pulumi before 3.211 keeps them in Pulumi Cloud only, and reports no error.
  if (!(await readMark(stack))) throw new Problem(`${withoutTags(stack)} Pulumi kept no tag of the stack.`);
}

export async function writeUpdated(stack: string, updated: Updated): Promise<void> {
  await setTag(stack, UPDATED, { ...updated, by: updated.by.slice(0, 80) });
}

async function setTag(stack: string, name: string, value: object): Promise<void> {
  const words = ["stack", "tag", "set", name, JSON.stringify(value), "--stack", stack];
  const { status, stderr } = await capture("pulumi", [...words, "--non-interactive", "--color", "never"]);
  if (status === 0) return;
  throw new Problem(`${withoutTags(stack)} Pulumi said: ${stderr.trim()}`);
}

function withoutTags(stack: string): string {
  return `The stack ${stack} cannot be marked as a preview environment, so it is not deployed. This needs Pulumi 3.211 or later.`;
}
