import { listingOf } from "../build/listing.ts";

/** A file that a build has received, in the output of newest-manifest.sh. */
const LINE = /^built (\S+) (\d+ [0-9a-f]+) (.*)$/;

/**
 * Of the files in a folder, those that builds have sent to the server, with their lines for record.sh: image, folder in the project and
 * path in the context.
 */
export function receivedBy(known: string[], folder: string, files: string[]): Map<string, string> {
  const byContent = new Map<string, { image: string; path: string }[]>();
  for (const line of known) {
    const [, image, content, path] = LINE.exec(line) ?? [];
    if (image === undefined || content === undefined || path === undefined) continue;
    byContent.set(content, [...(byContent.get(content) ?? []), { image, path }]);
  }
  if (byContent.size === 0) return new Map();
  const received = new Map<string, string>();
  for (const [line, file] of listingOf(folder, files)) {
    const [content = ""] = /^\d+ [0-9a-f]+/.exec(line) ?? [];
    const copy = byContent.get(content)?.find(({ path }) => file.endsWith(`/${path}`));
    // The list has one line a file, with | between its columns.
    if (!copy || /[|\\\n]/.test(file)) continue;
    received.set(file, `${copy.image}|${file.slice(0, -copy.path.length - 1)}|${copy.path}\n`);
  }
  return received;
}
