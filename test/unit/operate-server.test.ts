import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "berth-operate-"));
});
afterEach(() => rmSync(bin, { recursive: true }));

/** A program that stands in for the one of that name. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function state(resources: unknown[]): void {
  writeFileSync(join(bin, "state"), JSON.stringify({ deployment: { resources } }));
  program("pulumi", `cat ${bin}/state`);
}

function logs(stack = "prod") {
  const { exitCode, all } = execaSync("bash", ["operate/logs.sh", stack, "", "10"], {
    reject: false,
    all: true,
    env: { PATH: `${bin}:${process.env.PATH}` },
  });
  return { exitCode, said: all };
}

describe("where a stack stands", () => {
  test("is not known of one that was never made", () => {
    program("pulumi", "echo \"error: no stack named 'prod' found\" >&2; exit 1");
    expect(logs()).toEqual({ exitCode: 1, said: "There is no stack prod. It is made by: make up STACK=prod" });
    expect(logs("dev").said).toContain("It is made by: make up");
  });

  test("is not known when the state cannot be read, and Pulumi's reason is told", () => {
    program("pulumi", "echo 'error: incorrect passphrase' >&2; exit 255");
    expect(logs().said).toBe("The state of the stack prod cannot be read. Pulumi said: error: incorrect passphrase");
  });

  test("is nowhere after it was taken away", () => {
    state([]);
    expect(logs().said).toBe("The stack prod is down. It is deployed by: make up STACK=prod");
  });
});

describe("a server", () => {
  /** An ssh whose shared connection answers `check` so often, and whose calls end with a code. */
  function server(checks: number, call: string): void {
    state([{ type: "berth:host:Server", outputs: { reach: "ssh -T 203.0.113.7" } }]);
    program(
      "ssh",
      `echo "$*" | head -n 1 | cut -c 1-40 >>${bin}/calls
       case "$*" in
         *"-O check") [ "$(grep -c -- '-O check' ${bin}/calls)" -le ${checks} ] ;;
         *"-- true") echo "connect to host 203.0.113.7 port 22: Connection timed out" >&2; exit 255 ;;
         *) ${call} ;;
       esac`,
    );
  }

  test("is used through the connection there is, and its exit code is passed on", () => {
    server(1, 'echo "what the server said"; exit 3');
    expect(logs()).toEqual({ exitCode: 3, said: "what the server said" });
  });

  test("that does not answer is told before anything is asked of it", () => {
    server(0, "echo never");
    const { exitCode, said } = logs();
    expect(exitCode).not.toBe(0);
    expect(said).toContain("The server of the stack prod does not answer. Nothing was changed.");
    expect(said).not.toContain("never");
  });

  test("that has gone behind a shared connection is told too", () => {
    server(1, "exit 255");
    expect(logs().said).toContain("The server of the stack prod does not answer.");
  });

  test("is not blamed for a command that ends with 255", () => {
    server(2, "exit 255");
    expect(logs()).toEqual({ exitCode: 255, said: "" });
  });
});
