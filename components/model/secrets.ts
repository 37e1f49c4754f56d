/** Names of variables that usually hold a secret; the policy refuses a release with a value in one. */
const SECRET_NAMES =
  /(PASS(WORD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|API_?KEY|(PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION)_?KEY|_KEY)$/i;
/** Values that are not secret: empty, a path, a boolean, a short number, and the database's initial password, which is removed. */
const HARMLESS = /^(|\/.*|true|false|\d{1,5}|taken-away-at-once)$/;
/** A fingerprint, e.g. of sources or an image: long and random, but not secret. */
const FINGERPRINT = /^(sha256:)?[0-9a-f]+$/;

/**
 * Explains why an environment variable seems to hold a secret, without repeating it; undefined if it does not.
 * `secrets` are the stack's known secrets.
 */
export function secretIn(variable: string, secrets: readonly string[] = []): string | undefined {
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(variable) ?? [];
  if (HARMLESS.test(value)) return undefined;
  // A short secret may be a part of an unrelated value.
  if (secrets.some((secret) => secret !== "" && (value === secret || (secret.length >= 8 && value.includes(secret)))))
    return `${name} holds a secret of the stack`;
  if (/:\/\/[^/\s:@]*:[^/\s@]+@/.test(value)) return `${name} is an address with a password`;
  if (SECRET_NAMES.test(name)) return `${name} is the name of a secret, and its value is not a path`;
  if (value.split(/[\s,;]/).some(looksRandom)) return `${name} looks like a generated secret`;
  return undefined;
}

/**
 * Whether to hide a variable's value because it may be a secret. Matches more names than `secretIn`, as hiding a harmless value does no
 * harm.
 */
export function mayBeSecret(name: string, value: string): boolean {
  return HIDDEN_NAMES.test(name) || /:\/\/[^/]*:[^/]*@/.test(value) || secretIn(`${name}=${value}`) !== undefined;
}

/** Names of variables whose value is never shown. */
const HIDDEN_NAMES = /pass|secret|token|key|credential|dsn/i;

/** Whether a word is long, mixed and has a higher entropy than natural language. */
function looksRandom(word: string): boolean {
  const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
  return word.length >= 20 && mixed && !FINGERPRINT.test(word) && !/[/.:]/.test(word) && bitsPerCharacter(word) > 3.5;
}

/** Shannon entropy. */
function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / word.length) * Math.log2(count / word.length), 0);
}
