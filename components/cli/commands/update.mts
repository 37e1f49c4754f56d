import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  check?: boolean;
  json?: boolean;
}

export function update(berth: Command): void {
  define(berth, {
    usage: "update [images...]",
    description: `Look for newer base images, and write their digests to berth.lock. The next release uses them.
Exit codes: 0 done, 1 no registry could be reached; with --check: 0 up to date, 4 newer or missing digests.`,
    examples: {
      "npx berth update": "updates all base images of the project",
      "npx berth update postgres node:24-alpine": "updates these",
      "npx berth update --check": "in CI: fails if a base image is newer than in berth.lock",
    },
  })
    .option("--check", "change nothing; fail if there is a newer image")
    .option("--json", "print JSON")
    .action(async (images: string[], { stack, check = false, json }: Options) => {
      const { update: updateLock, isOutdated } = await import("../base-images/update.mts");
      const { asText } = await import("../base-images/text.mts");
      const opened = await openStack(stack);
      const result = await updateLock(opened, { words: images, check });
      if (json) printJson({ stack: opened.name, ...result });
      else console.log(asText(opened.name, result));
      const unreachable = result.images.length > 0 && result.images.every((image) => image.unreachable);
      if (check && result.images.some(isOutdated)) process.exitCode = EXIT.outdated;
      else process.exitCode = unreachable ? EXIT.failed : EXIT.done;
    });
}
