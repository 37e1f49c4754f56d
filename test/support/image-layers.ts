import type { Readable } from "node:stream";

/**
 * Which of these texts an image contains, in the form of `docker save`: in the bytes of any layer, or in its
 * configuration and history. A compressed layer would hide all of them; so also search for a text that must be in a
 * layer only.
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
