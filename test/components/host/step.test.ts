import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa, execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DELTA, STEP, stepCall } from "../../../components/host/step";
import { LONGEST_LINE } from "../../../components/model/preamble";
import { withMarker } from "../../../components/remote/marker";

const notes = () => readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "step-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line as Pulumi's command plugin does. */
function run(RUN: string, { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {}) {
  return execaSync("/bin/sh", ["-c", stepCall("RUN")], { input, env: { STEP, RUN, ...env }, reject: false });
}

describe("a step", () => {
  test("passes input, both outputs and the exit code on", () => {
    const { stdout, stderr, exitCode } = run("cat; echo why >&2; exit 7", { input: "one\ntwo" });
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "one\ntwo", stderr: "why", exitCode: 7 });
  });

  // The official plugin waits forever after a line of 64 KiB.
  test("O1: cuts lines in both outputs, whatever prints them", () => {
    const line = `head -c 100000 /dev/zero | tr '\\0' x`;
    const { stdout, stderr } = run(`${line}; echo; echo short; ${line} >&2`);
    expect(stdout.split("\n").map((text) => text.length)).toEqual([LONGEST_LINE, 5]);
    expect(stderr).toHaveLength(LONGEST_LINE);
  });

  test("sends a delta through the same limits", () => {
    const env = { STEP, DELTA, MANIFEST: "echo have", PACK: "cat", RUN: "tr a-z A-Z; exit 3" };
    const { stdout, exitCode } = execaSync("/bin/sh", ["-c", stepCall("DELTA")], {
      input: "want\n",
      env,
      reject: false,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: "HAVE\n\nWANT", exitCode: 3 });
  });

  // On Ctrl-C, the official plugin kills its own child only, and then waits for the end of the output.
  test("O3: ends with all its processes when its shell is killed", async () => {
    const marker = join(folder, "went-on");
    const env = { STEP, RUN: `(sleep 4; touch ${marker}) | cat; touch ${marker}` };
    const started = execa("/bin/sh", ["-c", stepCall("RUN")], { env, reject: false });
    await pause(500);
    const killed = Date.now();
    started.kill("SIGKILL");
    // Both pipes are closed only when no process holds them.
    await started;
    expect(Date.now() - killed).toBeLessThan(3500);
    await pause(4000);
    expect(readdirSync(folder)).toEqual([]);
  });

  // The official plugin shows output only while the step runs.
  test("O4: leaves its standard output for the end of `berth up`, unless it fails", () => {
    const env = { BERTH_NOTES: folder };
    expect(run("echo Recorded release 1.; echo progress >&2", { env }).stdout).toBe("Recorded release 1.");
    run("echo in the error; exit 1", { env });
    expect(notes()).toEqual(["Recorded release 1.\n"]);
  });

  test("F44: leaves out what a login shell printed before the output of its script", () => {
    const script = withMarker("printf 'one\\n\\ntwo\\n'", "stdout");
    const { stdout } = run(`printf 'hello\nunfinished'; ${script}`, { env: { BERTH_NOTES: folder } });
    expect(notes()).toEqual(["one\n\ntwo\n"]);
    // Pulumi's own display has it, as it arrives.
    expect(stdout).toBe("hello\nunfinished\none\n\ntwo");
  });
});
