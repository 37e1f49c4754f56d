import { describe, expect, test } from "vitest";
import { parseAllow, parseBasicAuth } from "../../../components/edge/access-rules";

describe("users of a site", () => {
  test("are read by path from lines, with any password", () => {
    const { value } = parseBasicAuth("/admin/ ada:a b:c=d\n\n  /admin/  grace:$x\n/ ada:y");
    expect(value).toEqual({ "/admin/": { ada: "a b:c=d", grace: "$x" }, "/": { ada: "y" } });
  });

  test.each([
    ["ada:hunter2", 'line 1 is not "<path> <user>:<password>"'],
    ["/ ada:ok\n/admin/ hunter2", "line 2 is not"],
    ["/ ada:", "line 1 is not"],
    ["/ ada:hunter2\n/ ada:hunter2", 'the user "ada" is at "/" twice'],
    ["/_errors/ ada:hunter2", 'the path "/_errors/" is reserved for the error pages'],
  ])("of %s are refused without the password", (text, problem) => {
    const { problems } = parseBasicAuth(text);
    expect(problems.join()).toContain(problem);
    expect(problems.join()).not.toContain("hunter2");
  });
});

describe("addresses that may open a site", () => {
  test("are read by path, from several entries too", () => {
    expect(parseAllow(["/ 192.0.2.7", "/admin/ 10.0.0.0/8,2001:db8::/32", "/ 192.0.2.8"]).value).toEqual({
      "/": ["192.0.2.7", "192.0.2.8"],
      "/admin/": ["10.0.0.0/8", "2001:db8::/32"],
    });
  });

  test.each([
    ["192.0.2.7", 'the path "192.0.2.7" must begin with a slash'],
    ["/admin/", '"/admin/" has no address, which denies all access'],
    ["/admin/ office", '"office" at "/admin/" is not an address or network such as'],
  ])("of %s are refused", (line, problem) => {
    expect(parseAllow([line]).problems.join()).toContain(problem);
  });
});
