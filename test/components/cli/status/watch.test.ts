import { expect, test } from "vitest";
import type { Status } from "../../../../components/cli/status/status.mts";
import { watchStatus } from "../../../../components/cli/status/watch.mts";
import { Problem } from "../../../../components/model/problem";

const status = (problem: string): Status => ({
  ...{ stack: "prod", healthy: false, problems: [problem], containers: [], volumes: [] },
  ...{ disk: null, backups: null, site: null, maintenance: null },
});

/** What it prints until the look fails for another reason than a problem. */
async function shown(looks: (Status | Error)[], clear: boolean) {
  const printed: string[] = [];
  const remaining = [...looks, new Error("the end")];
  const look = async () => {
    const next = remaining.shift() ?? new Error("asked too often");
    if (next instanceof Error) throw next;
    return next;
  };
  const watch = watchStatus({ look, stack: "prod", seconds: 0.01, clear }, (text) => printed.push(text));
  await expect(watch).rejects.toThrow("the end");
  return printed;
}

test("shows the status again and again, each with its time", async () => {
  const printed = await shown([status("one does not run."), status("two does not run.")], false);
  expect(printed).toHaveLength(2);
  expect(printed[0]).toMatch(/^prod, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, every 0.01 s\. Ctrl-C ends it\.\n\n/);
  expect(printed[0]).toContain("Not well:\n  one does not run.");
  expect(printed[1]).toContain("Not well:\n  two does not run.");
});

test("shows that a server does not answer, and asks again", async () => {
  const printed = await shown([new Problem("The server does not answer."), status("one does not run.")], false);
  expect(printed[0]).toContain("Not well:\n  The server does not answer.\n");
  expect(printed[1]).toContain("one does not run.");
});

test("clears the screen of a terminal only", async () => {
  expect((await shown([status("x")], true))[0]?.startsWith("\u001b[H\u001b[2J")).toBe(true);
  expect((await shown([status("x")], false))[0]).toMatch(/^prod/);
});
