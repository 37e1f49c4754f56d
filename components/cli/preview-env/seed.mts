import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { restoreFrom } from "../backups/restore-from.mts";
import { inContainer, wordsFor } from "../exec/exec.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { nameOfStack } from "./name.mts";
import type { Rules } from "./template.mts";

/** Fills a new preview environment with data: of a backup, then by a command. @throws Problem if one fails; the next `up` repeats both. */
export async function seed(stack: Stack, { restore, seed: command }: Rules, lockWait: number): Promise<void> {
  if (restore) {
    const sql = readFileSync(join(stack.project.folder, restore.sanitize), "utf8");
    await restoreFrom(stack, { from: restore.from, sql, lockWait });
  }
  if (command) await run(stack, command);
}

async function run(stack: Stack, [service = "", ...command]: string[]): Promise<void> {
  console.log(`Seeding: ${command.join(" ")}, in the service ${service}`);
  const { place } = await deployedStack(stack);
  const status = await inContainer(place, service, wordsFor(command), { terminal: false, input: "" });
  if (status === 0) return;
  const again = `npx berth preview-env up ${nameOfStack(stack.name)}`;
  throw new Problem(
    `The command that seeds the preview environment, preview.seed, ended with exit code ${status}. The site runs. To seed it again: ${again}`,
    status,
  );
}
