/** Quotes one word for a POSIX shell, e.g. `it's` as `'it'\''s'`. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Joins words to a command line that a POSIX shell splits into exactly these words. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** Splits a line written by `commandLine` into its words, so that it can be run without a shell. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\'/g, (_, quoted?: string) => quoted ?? "'"));
}
