import { expect, test } from "vitest";
import { HOST, inUrl, toAscii } from "../../../components/model/host-name";

test("an internationalized name gets the form of DNS, and others stay as they are", () => {
  expect(toAscii("bücher.example")).toBe("xn--bcher-kva.example");
  expect(toAscii("*.münchen.example")).toBe("*.xn--mnchen-3ya.example");
  expect(toAscii("例え.jp")).toBe("xn--r8jz45g.jp");
  expect(["Mail.example.org", "2001:db8::7", "a b"].map(toAscii)).toEqual(["Mail.example.org", "2001:db8::7", "a b"]);
});

test("F15: an IPv6 address is in brackets in URLs", () => {
  expect(["2001:db8::7", "203.0.113.7", "mail.example.org"].map(inUrl)).toEqual([
    "[2001:db8::7]",
    "203.0.113.7",
    "mail.example.org",
  ]);
});

test.each(["a..b", "-a.b", "a-.b", `${"a".repeat(64)}.org`, `${"a.".repeat(127)}a`, "a_b.org", "a b", "", "[::1]"])(
  "'%s' is not a host name",
  (name) => {
    expect(HOST.test(name)).toBe(false);
  },
);
