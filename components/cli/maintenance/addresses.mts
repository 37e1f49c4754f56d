import { isIPv4, isIPv6 } from "node:net";
import { Problem } from "../../model/problem.ts";
import { EXIT } from "../terminal/exit-codes.mts";

/** Longest prefix of a network whose addresses are listed one by one. */
const SMALLEST_PREFIX = 24;

/**
 * Addresses in the form in which nginx writes them. nginx looks for a file with the visitor's address, so networks are lists of
 * addresses. @throws Problem for what is no address, or too large a network.
 */
export function addressesOf(allowed: readonly string[]): string[] {
  return [...new Set(allowed.flatMap(addressesIn))];
}

function addressesIn(text: string): string[] {
  const [address = "", prefix] = text.split("/");
  if (prefix === undefined && isIPv4(address)) return [address];
  // Writes it in the short form of RFC 5952.
  if (prefix === undefined && isIPv6(address)) return [new URL(`http://[${address}]`).hostname.slice(1, -1)];
  const bits = /^\d+$/.test(prefix ?? "") ? Number(prefix) : 0;
  if (isIPv4(address) && bits >= SMALLEST_PREFIX && bits <= 32) return networkOf(address, 2 ** (32 - bits));
  throw new Problem(
    `--allow must be an address, or an IPv4 network from /${SMALLEST_PREFIX} to /32 such as 192.0.2.0/28; it is ${JSON.stringify(text)}.`,
    EXIT.usage,
  );
}

function networkOf(address: string, size: number): string[] {
  const [a, b, c, d = 0] = address.split(".").map(Number);
  const first = d - (d % size);
  return Array.from({ length: size }, (_, index) => `${a}.${b}.${c}.${first + index}`);
}
