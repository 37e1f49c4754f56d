import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** A host name (labels of at most 63 characters) or an IP address. */
export const HOST =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$|^[0-9a-fA-F:]*:[0-9a-fA-F:]+$/;

/** Converts an internationalized name to the form of DNS and certificates, e.g. `bücher.example` to `xn--bcher-kva.example`. */
export function toAscii(name: string): string {
  return /[^\x20-\x7e]/.test(name) ? domainToASCII(name) || name : name;
}

/** A host name or address in the form of URLs and of the header Host: an IPv6 address is in brackets. */
export function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether a text is an address, or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
}
