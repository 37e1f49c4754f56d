import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "../../../components/cli/program.mts";

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-command-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: mailtracker\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stub for the program with that name. */
function standIn(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A Pulumi stub that answers `version` and runs a script for everything else. */
function pulumi(script: string): void {
  standIn("pulumi", `[ "$1" != version ] || { echo v3.270.0; exit; }\n${script}`);
}

function state(resources: unknown[]): void {
  writeFileSync(join(folder, "state"), JSON.stringify({ version: 3, deployment: { resources } }));
  pulumi(`cat ${folder}/state`);
}

function psql(stack = "prod") {
  const { exitCode, all } = execaSync("node", [resolve("components/cli/bin.js"), "psql", "--stack", stack], {
    reject: false,
    all: true,
    cwd: folder,
    input: "select 1",
    env: { PATH: `${bin}:${process.env.PATH}`, PULUMI_CONFIG_PASSPHRASE: "" },
  });
  return { exitCode, output: all };
}

describe("the location of a stack", () => {
  test("is unknown for a stack that does not exist", () => {
    pulumi("echo \"error: no stack named 'prod' found\" >&2; exit 1");
    expect(psql()).toEqual({
      exitCode: 1,
      output: "There is no stack prod. To deploy it: npx berth up --stack prod",
    });
  });

  test("is unknown when the state cannot be read, and Pulumi's reason is given", () => {
    pulumi("echo 'error: incorrect passphrase' >&2; exit 255");
    expect(psql().output).toBe("The state of the stack prod cannot be read. Pulumi said: error: incorrect passphrase");
  });

  test("is empty after the stack is destroyed", () => {
    state([]);
    expect(psql().output).toBe("The stack prod is down. To deploy it: npx berth up --stack prod");
  });

  test("is unknown when the first deployment failed too early", () => {
    state([{ urn: "u", type: "pulumi:pulumi:Stack" }]);
    expect(psql().output).toContain("The server of the stack prod is not known yet");
  });
});

describe("a server", () => {
  /**
   * An ssh stub whose shared connection passes the given number of `check` calls, and whose commands exit with a code.
   */
  function server(checks: number, call: string): void {
    state([{ urn: "u", type: "berth:host:Server", outputs: { reach: "ssh -T 'it'\\''s' 203.0.113.7" } }]);
    standIn(
      "ssh",
      `echo "$*" | head -n 1 | cut -c 1-60 >>${folder}/calls
       case "$*" in
         *"-O check") [ "$(grep -c -- '-O check' ${folder}/calls)" -le ${checks} ] ;;
         *"-- true") echo "connect to host 203.0.113.7 port 22: Connection timed out" >&2; exit 255 ;;
         *) ${call} ;;
       esac`,
    );
  }

  test("is used through the shared connection, and its exit code is returned", () => {
    server(1, 'echo "what the server said to $2"; cat; exit 3');
    expect(psql()).toEqual({ exitCode: 3, output: "what the server said to it's\nselect 1" });
  });

  test("that does not respond is reported before any command runs on it", () => {
    server(0, "echo never");
    const { exitCode, output } = psql();
    expect(exitCode).toBe(1);
    expect(output).toContain("The server of the stack prod does not answer. Nothing was changed.");
    expect(output).not.toContain("never");
  });

  test("that became unreachable behind a shared connection is reported too", () => {
    server(1, "exit 255");
    expect(psql().output).toContain("The server of the stack prod does not answer.");
  });

  test("is not reported as unreachable when a command exits with 255", () => {
    server(2, "exit 255");
    expect(psql()).toEqual({ exitCode: 255, output: "" });
  });
});

describe("the arguments of `berth`", () => {
  const berth = (...words: string[]) =>
    execaSync("node", [resolve("components/cli/bin.js"), ...words], { reject: false, all: true, cwd: folder });

  test("that are wrong end with exit code 2 and a suggestion", () => {
    expect(berth("statsu")).toMatchObject({ exitCode: 2, all: expect.stringContaining("Did you mean status?") });
    expect(berth("logs", "--lines", "many")).toMatchObject({ exitCode: 2 });
    expect(berth("--help")).toMatchObject({ exitCode: 0 });
  });

  test("have help for each command, with examples", () => {
    const commands = program().commands.filter((one) => !["completion", "complete", "help"].includes(one.name()));
    expect(commands.length).toBe(28);
    for (const command of commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help, command.name()).toMatch(/Examples:\n {2}(eval "\$\()?npx berth /);
      expect(command.summary(), command.name()).not.toBe("");
    }
  });

  test("outside a project produce advice", () => {
    rmSync(join(folder, "Pulumi.yaml"));
    expect(berth("status")).toMatchObject({ exitCode: 1, all: expect.stringContaining("npx berth init") });
  });

  test("have completion in a shell", () => {
    expect(berth("complete", "--", "sta").all).toContain("status");
    for (const shell of ["bash", "zsh", "fish"]) expect(berth("completion", shell).all, shell).toContain("berth");
  });
});
