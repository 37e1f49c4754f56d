import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packRelease } from "../../../components/release/pack.mts";
import { withMarker } from "../../../components/remote/marker";
import { afterMarker, splitOutput } from "../../../components/remote/output.mts";
import { attempt, onServer } from "../../../components/remote/run.mts";
import { observe } from "../../../components/remote/server/observe.mts";

const passed = (...chunks: string[]) => text(Readable.from(chunks.map((one) => Buffer.from(one))).pipe(afterMarker()));

describe("F44: the output of a script", () => {
  test("is told from text without a final newline, and with empty lines", () => {
    for (const noise of ["", "hello", "hello\n", "a\n\nb\n\n"]) {
      const { stdout, stderr } = execaSync("sh", [
        "-c",
        `printf '${noise}'\nprintf '${noise}' >&2\n${withMarker("echo one; echo; echo two; echo three >&2", "both")}`,
      ]);
      expect(splitOutput(stdout).output).toBe("one\n\ntwo");
      expect(splitOutput(stderr).output).toBe("three");
    }
  });

  test("is everything where no script ran", () => {
    expect(splitOutput("This account is currently not available.\n").output).toBe(
      "This account is currently not available.\n",
    );
  });

  test("is passed on as it arrives, wherever its parts are cut", async () => {
    const whole = "grüß\r\n\r\nberth-output\r\nline é\nberth-output\nlast";
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(await passed(whole.slice(0, cut), whole.slice(cut))).toBe("line é\nberth-output\nlast");
    }
    expect(await passed("Permission denied\n")).toBe("Permission denied\n");
  });
});

describe("F44: a login shell that prints", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-noise-"));
    // In place of ssh: a login shell that prints, and an engine with one release.
    writeFileSync(
      join(folder, "ssh"),
      `#!/bin/sh
for last; do :; done
case " $* " in *" -O check "*) exit 0 ;; esac
echo "hello from .bashrc"; printf 'no newline'; echo "a warning" >&2
PATH=${folder}:$PATH exec sh -c "$last"
`,
    );
    writeFileSync(
      join(folder, "docker"),
      `#!/bin/sh
case "$1 $2" in "version --format") echo 28.2.2 ;; "image ls") echo 7 ;; "image inspect") echo 'release 7 2026-01-01 {}' ;; "ps --format") echo 'runs x' ;; esac
`,
    );
    for (const program of ["ssh", "docker"]) chmodSync(join(folder, program), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const place = () => ({ sshPrefix: `${folder}/ssh -T host`, project: "shop", stack: "prod" });

  test("does not get into what status, drift, releases and look-ups read", async () => {
    expect(await onServer(place(), "releases.sh")).toBe("release 7 2026-01-01 {}\nruns x\n");
    expect(await attempt(place(), "containers-of.sh")).toEqual({
      status: 1,
      stdout: "",
      stderr: "There is no container at all of the stack prod. Services: none\n",
    });
  });

  test("is known to the checks of a server", async () => {
    const { server } = await observe(place());
    expect(server?.loginOutput).toBe("hello from .bashrc\nno newline");
    expect(server?.clockAhead).toBe(0);
  });

  test("F21: that refuses the account is known to the checks of a server, as nologin prints to standard output", async () => {
    writeFileSync(join(folder, "nologin"), "#!/bin/sh\necho 'This account is currently not available.'; exit 1\n");
    chmodSync(join(folder, "nologin"), 0o755);
    expect(await observe({ ...place(), sshPrefix: `${folder}/nologin -T host` })).toEqual({
      server: undefined,
      stderr: "This account is currently not available.",
    });
  });

  test("does not get into the manifest of a release", async () => {
    const { stdout } = execaSync("sh", ["-c", withMarker("echo 'hash index.ts'", "stdout")]);
    const packed = await packRelease(folder, `hello\n\nx y\n${stdout}\n\nhash index.ts\n`);
    const plain = await packRelease(folder, "hash index.ts\n\nhash index.ts\n");
    const origin = (pack: Buffer) => pack.subarray(0, pack.indexOf("\n")).toString();
    expect(packed.length).toBe(plain.length);
    expect(origin(packed)).toBe(origin(plain));
  });
});
