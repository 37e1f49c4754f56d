import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const dockerfiles = execFileSync("git", ["ls-files", "*Dockerfile", "docs/adding-a-stack.md"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !/^(test|offline|bench)\//.test(file));

/** The stages of a Dockerfile, or of the Dockerfiles in a page, that do not run as root. */
function stagesOf(file: string): string[] {
  const text = readFileSync(file, "utf8").replaceAll("\\\n", " ");
  return text.split(/^(?=FROM )/m).filter((stage) => /^USER (?!root)/m.test(stage));
}

// An image keeps the permissions of the files it is built from, which the checkout's umask has set.
test("F19: files of a build context are readable in images that do not run as root", () => {
  const stages = dockerfiles.flatMap((file) => stagesOf(file).map((stage) => ({ file, stage })));
  expect(stages.length).toBeGreaterThan(8);
  // pip reads its lists as root.
  const copying = stages.filter(({ stage }) => /^COPY (?!--from|requirements)/m.test(stage));
  expect(copying.length).toBeGreaterThan(6);
  const unreadable = copying.filter(({ stage }) => !/\bchmod (-R )?a\+rX?|chown -R/.test(stage));
  expect(unreadable.map(({ file }) => file)).toEqual([]);
});
