import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { withExamples, withLockWait } from "./define.mts";

interface Options {
  lockWait: number;
}

export function previewEnv(berth: Command): void {
  const group = withExamples(berth.command("preview-env"), {
    "npx berth preview-env up pr-17": "creates or deploys the preview environment pr-17",
    "npx berth preview-env list": "lists them, with their URLs",
    "npx berth preview-env down pr-17": "removes it, with its data and images",
    "npx berth preview-env prune": "removes those that have expired",
  })
    .summary("Run a site for each pull request, with data of its own")
    .description(
      "Run a site for each pull request: a stack of its own at <name>.<domain>, from the template Pulumi.preview.yaml.",
    );
  for (const define of [up, list, down, prune]) define(group);
}

function up(group: Command): void {
  withLockWait(group.command("up <name>"))
    .description("Create or deploy a preview environment, and renew its lifetime. The name may be that of a branch.")
    .option("--comment", "write its URL to the pull or merge request of this run in CI")
    .action(async (text: string, { lockWait, comment = false }: Options & { comment?: boolean }) => {
      const { previewName, stackOf } = await import("../preview-env/name.mts");
      const { previewUp } = await import("../preview-env/up.mts");
      const { commentPreview } = await import("../review/preview-comment.mts");
      const stack = await openStack(stackOf(previewName(text)));
      const deployed = () => previewUp(stack, text, lockWait);
      const url = comment ? await commentPreview(stack, deployed) : await deployed();
      console.log(`The preview environment ${previewName(text)}: ${url}`);
    });
}

function list(group: Command): void {
  group
    .command("list")
    .description("List the preview environments.")
    .option("--json", "print JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const { previewsIn, stackNames } = await import("../preview-env/previews.mts");
      const { asTable } = await import("../preview-env/text.mts");
      const { project } = await openStack("preview");
      const previews = await previewsIn(await stackNames(project));
      if (json) return printJson(previews);
      console.log(previews.length === 0 ? "There are no preview environments." : asTable(previews));
    });
}

function down(group: Command): void {
  withLockWait(group.command("down <name>"))
    .description("Remove a preview environment with its data, images, route and state. Does not ask.")
    .action(async (text: string, { lockWait }: Options) => {
      const { previewName, stackOf } = await import("../preview-env/name.mts");
      const { previewDown } = await import("../preview-env/down.mts");
      const name = previewName(text);
      const existed = await previewDown(await openStack(stackOf(name)), lockWait);
      console.log(
        existed
          ? `The preview environment ${name} is removed, and nothing is left of it.`
          : `There is no preview environment ${name}, and nothing is left of one.`,
      );
    });
}

function prune(group: Command): void {
  withLockWait(group.command("prune"))
    .description("Remove the preview environments that have expired.")
    .action(async ({ lockWait }: Options) => {
      const { prune: removeExpired } = await import("../preview-env/prune.mts");
      const { project } = await openStack("preview");
      const removed = (await removeExpired(project, lockWait)).map(({ name }) => name);
      console.log(removed.length === 0 ? "No preview environment has expired." : `Removed: ${removed.join(", ")}`);
    });
}
