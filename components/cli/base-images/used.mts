import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { capture } from "../../remote/program.mts";
import { readySettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { withProgramImages } from "./program-images.mts";

/** The base images that a stack's program uses, or why it does not tell: it fails before its last image, e.g. on an invalid setting. */
export async function usedImages(stack: Stack): Promise<{ images: string[] } | { error: string }> {
  const folder = mkdtempSync(join(tmpdir(), "berth-used-"));
  try {
    const list = join(folder, "list");
    const settings = await readySettings(stack);
    const words = [
      "preview",
      "--stack",
      stack.name,
      "--config-file",
      settings,
      "--non-interactive",
      "--color",
      "never",
    ];
    const { stdout, stderr } = await withProgramImages({ byTag: [], list }, (variables) =>
      capture("pulumi", words, "", { env: { ...process.env, ...variables } }),
    );
    // What fails after the program does not matter here.
    if (existsSync(list)) return { images: z.array(z.string()).parse(JSON.parse(readFileSync(list, "utf8"))) };
    return { error: errorIn(`${stdout}\n${stderr}`) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function errorIn(output: string): string {
  return (/^\s*error: (.*)$/m.exec(output)?.[1] ?? output.trim().split("\n").at(-1) ?? "").trim();
}
