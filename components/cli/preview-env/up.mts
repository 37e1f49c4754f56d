import { Problem } from "../../model/problem.ts";
import { actorIn } from "../../release/actor.mts";
import { git } from "../../release/git.mts";
import { up } from "../deploy/up.mts";
import { readySettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { TEMPLATE } from "../project/template-file.mts";
import { type Made, writeMade, writeUpdated } from "./mark.mts";
import { nameOfStack } from "./name.mts";
import { requireOwn } from "./own.mts";
import { daysAfter, previewsIn, stackNames } from "./previews.mts";
import { seed } from "./seed.mts";
import { requireNoSettings, writeSettings } from "./settings-file.mts";
import { type Rules, readTemplate, type Template } from "./template.mts";
import { asTable } from "./text.mts";

/** Longest text of which a name is kept: Pulumi Cloud limits tags. */
const LONGEST = 80;

/**
 * Creates or deploys a preview environment, renews its lifetime, and returns its URL.
 *
 * @param text what its name was made from, e.g. the name of a branch.
 * @throws Problem beyond the limit, if its name is taken, or if the deployment fails.
 */
export async function previewUp(stack: Stack, text: string, lockWait: number): Promise<string> {
  const template = readTemplate(stack.project);
  const stacks = await stackNames(stack.project);
  const made = await madeOf(stack, text.slice(0, LONGEST), template, stacks);
  writeSettings(stack, template);
  await readySettings(stack);
  // Before anything is deployed, so that one that is interrupted is listed and can be taken down.
  await writeMade(stack.name, made);
  const updated = { ...origin(), expires: daysAfter(new Date(), template.rules.lifetime), complete: false };
  await writeUpdated(stack.name, updated);
  await up(stack, { lockWait });
  if (!made.seeded) {
    await seed(stack, template.rules, lockWait);
    await writeMade(stack.name, { ...made, seeded: true });
  }
  await writeUpdated(stack.name, { ...updated, complete: true });
  return made.url;
}

/** @throws Problem if the stack is not a preview environment or that of another text, or beyond the limit. */
async function madeOf(stack: Stack, of: string, { rules, tls }: Template, stacks: string[]): Promise<Made> {
  const name = nameOfStack(stack.name);
  const url = `${tls ? "https" : "http"}://${name}.${rules.domain}`;
  const before = stacks.includes(stack.name) ? (await requireOwn(stack, stacks))?.made : undefined;
  if (before && before.of !== of) {
    throw new Problem(
      `The name ${name} is taken by the preview environment of ${before.of}. Nothing was changed. Choose another name.`,
    );
  }
  if (before) return { ...before, url };
  requireNoSettings(stack);
  await refuseBeyondLimit(stacks, rules);
  return { of, url, created: new Date().toISOString() };
}

async function refuseBeyondLimit(stacks: string[], { limit }: Rules): Promise<void> {
  const previews = await previewsIn(stacks);
  if (previews.length < limit) return;
  throw new Problem(
    `There are ${previews.length} preview environments, and preview.limit in ${TEMPLATE} is ${limit}. Nothing was changed.\n\n${asTable(previews)}\n\n` +
      "Take one down: npx berth preview-env down <name>, or those that have expired: npx berth preview-env prune",
  );
}

function origin(): { commit: string; by: string } {
  const ofCi = process.env["GITHUB_SHA"] || process.env["CI_COMMIT_SHA"] || "";
  return { commit: git(".", "rev-parse", "--verify", "--quiet", "HEAD") || ofCi, by: actorIn(".") };
}
