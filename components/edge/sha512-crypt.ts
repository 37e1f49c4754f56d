import { createHash } from "node:crypto";

const ROUNDS = 5000;
const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Hashes a password with SHA-512 crypt (`$6$`), like `openssl passwd -6`. The crypt functions of musl and glibc verify it, and so does
 * any nginx. Specification: "Unix crypt using SHA-256 and SHA-512", whose variable names the code uses.
 */
export function sha512Crypt(password: string, salt: string): string {
  const key = Buffer.from(password);
  const salted = Buffer.from(salt.slice(0, 16));
  const b = digest(key, salted, key);
  const bits = [...Array(key.length === 0 ? 0 : Math.floor(Math.log2(key.length)) + 1).keys()];
  const a = digest(key, salted, repeat(b, key.length), ...bits.map((bit) => ((key.length >> bit) & 1 ? b : key)));
  const p = repeat(digest(...Array<Buffer>(key.length).fill(key)), key.length);
  const s = repeat(digest(...Array<Buffer>(16 + (a[0] ?? 0)).fill(salted)), salted.length);
  let c = a;
  for (let round = 0; round < ROUNDS; round++) {
    const odd = round % 2 === 1;
    c = digest(odd ? p : c, round % 3 === 0 ? Buffer.alloc(0) : s, round % 7 === 0 ? Buffer.alloc(0) : p, odd ? c : p);
  }
  return `$6$${salted.toString()}$${encodeBase64(c)}`;
}

/** Derives a salt of 16 characters for crypt from random bytes. */
export function cryptSalt(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 16), (byte) => ALPHABET[byte % 64]).join("");
}

function digest(...parts: Buffer[]): Buffer {
  return createHash("sha512").update(Buffer.concat(parts)).digest();
}

/** Repeats or truncates bytes to a length. */
function repeat(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

/** Encodes three bytes as four characters, in the order of the specification: 0 21 42, 22 43 1, 44 2 23 and so on. */
function encodeBase64(bytes: Buffer): string {
  let text = "";
  for (let group = 0; group < 21; group++) {
    const [first, second, third] = [0, 1, 2].map((place) => bytes[(group * 22 + place * 21) % 63] ?? 0) as [
      number,
      number,
      number,
    ];
    text += encodeNumber((first << 16) | (second << 8) | third, 4);
  }
  return text + encodeNumber(bytes[63] ?? 0, 2);
}

function encodeNumber(value: number, count: number): string {
  return [...Array(count).keys()].map((place) => ALPHABET[(value >> (6 * place)) & 63]).join("");
}
