import type { Readable } from "node:stream";

/**
 * Which of these texts are in an image as `docker save` writes it: in the bytes of any layer, or in its configuration and history.
 * A layer that is compressed hides all; so look for something that must be there as well, and stands in no configuration.
 */
export async function foundIn(saved: Readable, texts: string[]): Promise<string[]> {
  const longest = Math.max(...texts.map((text) => text.length));
  const there = new Set<string>();
  let rest = "";
  for await (const chunk of saved) {
    const bytes = rest + (chunk as Buffer).toString("latin1");
    for (const text of texts) if (bytes.includes(text)) there.add(text);
    rest = bytes.slice(-longest);
  }
  return [...there].sort();
}
