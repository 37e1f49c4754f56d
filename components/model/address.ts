/** An address in one spelling: `2001:DB8:0::1` is `2001:db8::1`. What is no address of IPv6 stays as it is. */
export function canonicalAddress(address: string): string {
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
}
