/** Quotes one word for a POSIX shell, e.g. `it's` as `'it'\''s'`. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Joins words to a command line that a POSIX shell splits into exactly these words. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/**
 * Joins words to a command line that any login shell passes on to `sh` unchanged: sh, bash, zsh, fish, csh or tcsh. They differ in
 * backslashes, line breaks and exclamation marks within quotes, so these are sent in base64. Standard input stays free for data.
 */
export function loginShellLine(words: readonly string[]): string {
  const line = commandLine(words);
  if (!/['\\!\n]/.test(line)) return line;
  const encoded = Buffer.from(`exec ${line}`).toString("base64");
  return `sh -c 'eval "$(echo ${encoded} | base64 -d)"'`;
}

/** Splits a line written by `commandLine` into its words, so that it can be run without a shell. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\'/g, (_, quoted?: string) => quoted ?? "'"));
}
