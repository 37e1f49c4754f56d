/** Quotes one word for a POSIX shell, e.g. `it's` as `'it'\''s'`. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Joins words to a command line that a POSIX shell splits into exactly these words. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** Characters that login shells read differently within quotes, and the control characters that stand for them, in the same order. */
const UNSAFE = "'\\!\n";
const STAND_INS = "\x1c\x1d\x1e\x1f";

/** Runs the text in $0 after it has put the characters back. In base64, as it contains them itself. */
const DECODER = Buffer.from(`eval "$(printf %s "$0" | tr '\\034\\035\\036\\037' '\\047\\134\\041\\012')"`).toString(
  "base64",
);

/**
 * Joins words to a command line that any login shell passes on to `sh` unchanged: sh, bash, zsh, fish, csh or tcsh. They differ in
 * backslashes, line breaks and exclamation marks within quotes, so control characters stand for these. The rest stays as it is, because
 * ssh compresses text to a quarter, but its form in base64 to half. Standard input stays free for data.
 */
export function loginShellLine(words: readonly string[]): string {
  const line = commandLine(words);
  if (!/['\\!\n]/.test(line)) return line;
  const exec = `exec ${line}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a text with one of them cannot be encoded with them
  if (/[\x1c-\x1f]/.test(exec)) return `sh -c 'eval "$(echo ${Buffer.from(exec).toString("base64")} | base64 -d)"'`;
  const text = exec.replace(/['\\!\n]/g, (char) => STAND_INS.charAt(UNSAFE.indexOf(char)));
  return `sh -c 'eval "$(echo ${DECODER} | base64 -d)"' '${text}'`;
}

/** Splits a line written by `commandLine` into its words, so that it can be run without a shell. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\'/g, (_, quoted?: string) => quoted ?? "'"));
}
