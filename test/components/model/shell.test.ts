import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { commandLine, loginShellLine, quote } from "../../../components/model/shell";

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

describe("F21: a command line for any login shell", () => {
  const words = [
    "printf",
    "[%s]",
    "a b",
    "it's",
    "a\\b\\\\c",
    "one\ntwo\n",
    "!!",
    '$HOME `id` "x"',
    "",
    "müller 😀",
    "*",
  ];
  const printed = words.slice(2).map((word) => `[${word}]`);
  const programs: Record<string, string[]> = {
    sh: [],
    bash: [],
    dash: [],
    zsh: ["-f"],
    fish: [],
    tcsh: ["-f"],
    csh: ["-f"],
  };
  const installed = Object.keys(programs).filter((name) => {
    const { status } = spawnSync(name, ["-c", "true"]);
    return status === 0;
  });

  test.each(installed)("reaches sh unchanged through %s", (shell) => {
    const options = { encoding: "utf8", input: "data" } as const;
    const line = loginShellLine(["sh", "-c", `${commandLine(words)}; cat`]);
    expect(execFileSync(shell, [...(programs[shell] ?? []), "-c", line], options)).toBe(`${printed.join("")}data`);
  });

  test.each(installed)("passes exit codes and both outputs on through %s", (shell) => {
    const line = loginShellLine(["sh", "-c", "echo 'out'; echo 'err' >&2; exit 7"]);
    const { status, stdout, stderr } = spawnSync(shell, ["-c", line], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: "out\n", stderr: "err\n" });
  });

  test("has nothing that fish or csh reads differently from sh", () => {
    const line = loginShellLine(["sh", "-c", "a\\\n'b'!", "c"]);
    // Two quoted texts, in which these shells change only backslashes, line breaks and exclamation marks.
    expect(line).toMatch(/^sh -c '[^'\\!\n]+' '[^'\\!\n]+'$/);
    expect(loginShellLine(["docker", "version"])).toBe("docker version");
  });

  test.each(installed)("carries the control characters that stand for others through %s", (shell) => {
    const line = loginShellLine(["printf", "%s", "\x1c\x1d\x1e\x1f 'it'"]);
    expect(execFileSync(shell, [...(programs[shell] ?? []), "-c", line], { encoding: "utf8" })).toBe(
      "\x1c\x1d\x1e\x1f 'it'",
    );
  });

  test("stays text, which ssh compresses as well as the script", () => {
    const script = readFileSync("components/build/scripts/build.sh", "utf8");
    const compressed = deflateRawSync(loginShellLine(["sh", "-c", script])).length;
    expect(compressed).toBeLessThan(deflateRawSync(script).length * 1.15);
  });

  test("stays below the limit of one argument, for the longest script", () => {
    const scripts = readdirSync("components", { recursive: true, withFileTypes: true })
      .filter(({ name, parentPath }) => name.endsWith(".sh") && !parentPath.includes("node_modules"))
      .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"));
    const longest = scripts.reduce((a, b) => (a.length > b.length ? a : b));
    // Linux allows 128 KiB, and a script may consist of five files.
    expect(loginShellLine(["sh", "-c", longest.repeat(5)]).length).toBeLessThan(65_536);
  });
});
