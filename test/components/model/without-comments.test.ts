import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withoutComments } from "../../../components/model/without-comments";

const scripts = readdirSync("components", { recursive: true, withFileTypes: true })
  .filter(({ name, parentPath }) => name.endsWith(".sh") && !parentPath.includes("node_modules"))
  .map(({ name, parentPath }) => join(parentPath, name));

/** How bash reads a script: its commands in bash's own layout, without comments. */
function asRead(script: string): string {
  return execFileSync("bash", ["-c", `read_script() {\n${script}\n}\ndeclare -f read_script`], { encoding: "utf8" });
}

test.each(scripts)("a shell reads %s as before", (file) => {
  const script = readFileSync(file, "utf8");
  expect(asRead(withoutComments(script))).toBe(asRead(script));
});

test("all scripts are understood", () => {
  const comments = scripts.filter((file) => /^\s+#/m.test(readFileSync(file, "utf8")));
  expect(comments.length).toBeGreaterThan(10);
  for (const file of comments) {
    const script = readFileSync(file, "utf8");
    expect(withoutComments(script), file).not.toBe(script);
  }
});

describe("withoutComments", () => {
  test("removes comments, empty lines and indentation", () => {
    const script = "#!/bin/sh\n# First.\n\nif true; then\n  # Second.\n  echo a # after a command\nfi\n";
    expect(withoutComments(script)).toBe("#!/bin/sh\nif true; then\necho a # after a command\nfi\n");
  });

  test.each([
    ["a text in single quotes", "awk '\n  # not a comment\n  { print }'\n"],
    ["a text in double quotes", 'echo "one\n  # two\n\n  $(echo ")")"\n'],
    ["a here-document", "cat <<EOF\n  # text\n\n  'it\nEOF\n"],
    ["a here-document with a quoted end", "cat <<'END OF IT'\n  # text\nEND OF IT\n"],
    ["two here-documents", "cat <<A; cat <<-B\n # a\nA\n\t# b\n\tB\n"],
    ["a continued line", "echo a\\\n  # b\n"],
    ["a word with #", `echo a#b \${#x} $# 'c' #d\n`],
    ["a quote in a comment", "echo a # it's\n"],
    ["a case within a substitution", 'x="$(case a in a) echo "\n  # text" ;; esac)"\n'],
    ["a pattern in quotes", `echo "\${x#"\n  # text"}" "\${y%'}"\n`],
    ["an escaped quote", "echo \\' \\\"\n"],
  ])("leaves %s as it is", (_, script) => {
    expect(withoutComments(script)).toBe(script);
  });

  test.each([
    ["is not complete", "  echo 'a\n# b\n"],
    ["has a form of bash", "  echo $'it\\'s'\n# b\n"],
    ["has backquotes", "  echo `date`\n# b\n"],
    ["has a here-document without an end", "  cat <<EOF\n# b\n"],
    ["shifts bits", "  echo $((1 << 2))\n# b\n"],
  ])("returns a script unchanged that %s", (_, script) => {
    expect(withoutComments(script)).toBe(script);
  });

  test("reads the lines after quotes and here-documents again as code", () => {
    expect(withoutComments("cat <<EOF\n # a\nEOF\n  # b\necho '\n # c'\n  # d\n")).toBe(
      "cat <<EOF\n # a\nEOF\necho '\n # c'\n",
    );
  });
});
