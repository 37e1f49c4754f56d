import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions, withLockWait } from "./define.mts";

interface Options extends StackOptions {
  yes?: boolean;
  lockWait: number;
}

export function rollback(berth: Command): void {
  withLockWait(
    define(berth, {
      usage: "rollback [release]",
      description:
        "Roll back to the previous release, or to a release by its number. Uses the images on the server, without a build.",
      examples: {
        "npx berth rollback --stack prod": "asks, and rolls production back to the previous release",
        "npx berth rollback 12 --yes": "rolls back to release 12 without asking",
      },
    }).option("-y, --yes", "do not ask"),
  ).action(async (release: string | undefined, { stack, yes = false, lockWait }: Options) => {
    const { rollbackTo } = await import("../deploy/rollback.mts");
    await rollbackTo(await openStack(stack), { to: release, yes, lockWait });
  });
}
