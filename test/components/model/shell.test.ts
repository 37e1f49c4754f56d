import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commandLine, quote } from "../../../components/model/shell";

describe("quote", () => {
  test("leaves plain words unchanged", () => {
    expect(quote("/etc/nginx/nginx.conf")).toBe("/etc/nginx/nginx.conf");
  });

  test.each(["two words", "it's", "$HOME", "`id`", '"', "a\nb", "", "*", "-n; rm -rf /"])(
    "a shell reads %j back unchanged",
    (word) => {
      expect(execFileSync("sh", ["-c", `printf %s ${quote(word)}`], { encoding: "utf8" })).toBe(word);
    },
  );
});

test("a shell parses a command line into the same words", () => {
  const words = ["printf", "%s|", "a b", "it's", "$(id)"];
  expect(execFileSync("sh", ["-c", commandLine(words)], { encoding: "utf8" })).toBe("a b|it's|$(id)|");
});
