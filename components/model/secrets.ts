/** Names that promise a secret, so that a release is refused. */
const PROMISING =
  /(PASS(WORD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|API_?KEY|(PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION)_?KEY|_KEY)$/i;
/** Values that are none: an empty one, a path, a truth value, a number, and the word the database's image demands and loses. */
const HARMLESS = /^(|\/.*|true|false|\d{1,5}|taken-away-at-once)$/;
/** Digits of a fingerprint, as of sources or an image: long and random, and yet no secret. */
const FINGERPRINT = /^(sha256:)?[0-9a-f]+$/;

/**
 * Why a variable of an environment seems to hold a secret, in words that do not repeat it; nothing where it does not.
 * `secrets` are those the stack knows for certain.
 */
export function secretIn(variable: string, secrets: readonly string[] = []): string | undefined {
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(variable) ?? [];
  if (HARMLESS.test(value)) return undefined;
  if (secrets.some((secret) => secret.length >= 8 && value.includes(secret)))
    return `${name} holds a secret of the stack`;
  if (/:\/\/[^/\s:@]*:[^/\s@]+@/.test(value)) return `${name} is an address with a password in it`;
  if (PROMISING.test(name)) return `${name} promises a secret, and its value is no path of a file`;
  if (value.split(/[\s,;]/).some(looksRandom)) return `${name} looks like a generated secret`;
  return undefined;
}

/**
 * Whether a variable's value must not be shown, because it may be a secret. That errs on the safe side, as nothing is refused for it:
 * more names count, and so does whatever `secretIn` finds.
 */
export function mayBeSecret(name: string, value: string): boolean {
  return DELICATE.test(name) || /:\/\/[^/]*:[^/]*@/.test(value) || secretIn(`${name}=${value}`) !== undefined;
}

/** Names after which a secret may stand. */
const DELICATE = /pass|secret|token|key|credential|dsn/i;

/** Long, of one piece, and with more in each character than words have. */
function looksRandom(word: string): boolean {
  const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
  return word.length >= 20 && mixed && !FINGERPRINT.test(word) && !/[/.:]/.test(word) && bitsPerCharacter(word) > 3.5;
}

/** Shannon's entropy. */
function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / word.length) * Math.log2(count / word.length), 0);
}
