import { expect, test } from "vitest";
import { clash } from "../../../../../components/remote/server/checks/addresses.mts";

test.each([
  // A wildcard, and an address of its family or of the other.
  ["0.0.0.0", "0.0.0.0", true],
  ["0.0.0.0", "127.0.0.1", true],
  ["0.0.0.0", "::", false],
  ["0.0.0.0", "::1", false],
  ["::", "::", true],
  ["::", "::1", true],
  ["::", "127.0.0.1", false],
  // All of both families.
  ["*", "0.0.0.0", true],
  ["*", "::", true],
  ["*", "127.0.0.1", true],
  ["*", "::1", true],
  ["*", "*", true],
  ["", "::1", true],
  // Single addresses, however they are written.
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "127.0.0.53", false],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["2001:DB8:0::1", "2001:db8::1", true],
  ["2001:db8::1", "2001:db8::2", false],
  // A socket of IPv6 on an address of IPv4.
  ["::ffff:127.0.0.1", "127.0.0.1", true],
  ["::ffff:127.0.0.1", "0.0.0.0", true],
  ["::ffff:127.0.0.1", "::1", false],
])("a port of %s and of %s: in each other's way is %s", (one, other, expected) => {
  expect([clash(one, other), clash(other, one)]).toEqual([expected, expected]);
});
