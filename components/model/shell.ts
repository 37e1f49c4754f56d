/** Quotes one word for a POSIX shell. The only place where that is done. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line that a POSIX shell reads as exactly these words. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** The words of a line that `commandLine` made, so that no shell is needed to run it. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\'/g, (_, quoted?: string) => quoted ?? "'"));
}
