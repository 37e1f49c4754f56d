import { isIPv4 } from "node:net";
import { canonicalAddress } from "../../../model/address.ts";

/** Where a port is listened on: on one address of a family, or on all (no address). */
interface Part {
  family: 4 | 6;
  /** In one spelling. */
  address?: string;
}

/**
 * Whether a port cannot be listened on at both addresses: they are the same, or one is all of the other's family.
 *
 * @param one, other An address, `0.0.0.0` or `::` for all of a family, `*` or nothing for all of both.
 */
export function clash(one: string, other: string): boolean {
  return partsOf(one).some((part) => partsOf(other).some((another) => partsClash(part, another)));
}

function partsClash(one: Part, other: Part): boolean {
  const all = one.address === undefined || other.address === undefined;
  return one.family === other.family && (all || one.address === other.address);
}

function partsOf(text: string): Part[] {
  if (text === "*" || text === "") return [{ family: 4 }, { family: 6 }];
  // A socket of IPv6 can listen on an address of IPv4.
  const address = text.replace(/^::ffff:(?=[\d.]+$)/i, "");
  if (isIPv4(address)) return [address === "0.0.0.0" ? { family: 4 } : { family: 4, address }];
  const spelled = canonicalAddress(address);
  return [spelled === "::" ? { family: 6 } : { family: 6, address: spelled }];
}
