import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs Pulumi, then prints the standard output of the deployment's successful steps, e.g. the number of the release. Pulumi shows
 * it only while the step runs. Each step writes it to a file of the folder in BERTH_NOTES (host/scripts/step.sh).
 */
export async function repeatingNotes<T>(run: (variables: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "berth-notes-"));
  try {
    return await run({ BERTH_NOTES: folder });
  } finally {
    const notes = notesIn(folder);
    if (notes !== "") console.log(`\n${notes}`);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The notes of all steps, in the order in which the steps ended. */
function notesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((file) => ({ text: readFileSync(file, "utf8").trim(), at: statSync(file).mtimeMs }))
    .filter(({ text }) => text !== "")
    .sort((one, other) => one.at - other.at)
    .map(({ text }) => text)
    .join("\n");
}
