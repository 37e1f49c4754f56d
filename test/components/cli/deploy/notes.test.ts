import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repeatingNotes } from "../../../../components/cli/deploy/notes.mts";
import { STEP, stepCall } from "../../../../components/host/step";

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => printed.push(text));
});
afterEach(() => vi.restoreAllMocks());

function step(RUN: string, variables: Record<string, string>): void {
  execaSync("/bin/sh", ["-c", stepCall("RUN")], { env: { STEP, RUN, ...variables }, reject: false });
}

// The official plugin shows what a step says only while it runs.
test("O4: what successful steps say is printed after the deployment, in their order, and what failed ones say is not", async () => {
  let folder = "";
  const status = await repeatingNotes(async (variables) => {
    folder = variables["BERTH_NOTES"] ?? "";
    step("echo The release continues without it.", variables);
    await pause(20);
    step("echo Recorded release 2.", variables);
    step("true", variables);
    step("echo failed; exit 1", variables);
    expect(printed).toEqual([]);
    return 7;
  });
  expect(status).toBe(7);
  expect(printed).toEqual(["\nThe release continues without it.\nRecorded release 2."]);
  expect(existsSync(folder)).toBe(false);
});

test("nothing is printed when no step says anything, and notes are printed when the deployment fails", async () => {
  await repeatingNotes(() => Promise.resolve(0));
  expect(printed).toEqual([]);
  const failing = repeatingNotes((variables) => {
    step("echo the server is prepared", variables);
    return Promise.reject(new Error("no engine"));
  });
  await expect(failing).rejects.toThrow("no engine");
  expect(printed).toEqual(["\nthe server is prepared"]);
});
