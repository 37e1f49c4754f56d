import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalIn } from "../../../components/model/ssh-answer";
import { awaitServer } from "../../../components/remote/reach.mts";

const DENIED = "ubuntu@203.0.113.7: Permission denied (publickey).";

// As printed by OpenSSH 9.6 and Ubuntu's shells.
test.each([
  [
    "host key",
    "No ED25519 host key is known for 203.0.113.7 and you have requested strict checking.\r\nHost key verification failed.",
  ],
  ["host key", "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @"],
  ["permission", DENIED],
  ["permission", "Received disconnect from 203.0.113.7 port 22:2: Too many authentication failures"],
  ["key file", `Load key "/home/anna/key": invalid format\n${DENIED}`],
  ["key file", `Load key "/home/anna/key": error in libcrypto\n${DENIED}`],
  ["key file", `Load key "/home/anna/key": bad permissions\n${DENIED}`],
  ["key path", "command-line line 0: keyword identityfile extra arguments at end of line"],
  ["no account", "No user exists for uid 1001"],
  ["unknown name", "ssh: Could not resolve hostname x.invalid: Name or service not known"],
  ["no shell", "This account is currently not available."],
  ["socket", "unix_listener: cannot bind to path /home/anna/.ssh/berth-0a: No such file or directory"],
  ["socket", "ControlPath too long ('/home/anna/.ssh/berth-0a' >= 108 bytes)"],
  ["no answer", "ssh: connect to host 203.0.113.7 port 22: Connection refused"],
  ["no answer", "ssh: connect to host 203.0.113.7 port 22: Connection timed out"],
  ["no answer", '"System is booting up. Unprivileged users are not permitted to log in yet. See pam_nologin(8)."'],
  ["no answer", ""],
])("ssh's message is recognised as %s: %s", (kind, output) => {
  expect(refusalIn(output, { server: "The server", stack: "prod" }).kind).toBe(kind);
});

test("the advice names the setting and the stack", () => {
  const { problem, advice } = refusalIn(DENIED, { server: "ubuntu@203.0.113.7:22", stack: "prod" });
  expect(problem).toBe("ubuntu@203.0.113.7:22 refuses the key");
  expect(advice).toContain("pulumi config set serverKeyFile ~/.ssh/… --stack prod");
});

describe("waiting for a server", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "berth reach-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Waits with an ssh stub that runs the script; returns the announcements and the error. */
  async function waited(script: string, seconds: number) {
    const ssh = join(folder, "ssh");
    writeFileSync(ssh, `#!/bin/sh\n[ "$1" != -V ] || exit 0\n${script}\n`);
    chmodSync(ssh, 0o755);
    const announced: string[] = [];
    const announce = (text: string) => announced.push(text);
    const place = { sshPrefix: `'${ssh}' -T host`, server: "The server", stack: "prod" };
    const failure = await awaitServer({ ...place, seconds, announce }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    return { announced, failure };
  }

  test("ends at once when the server responds, without output", async () => {
    expect(await waited("exit 0", 60)).toEqual({ announced: [], failure: undefined });
  });

  test("is announced once, and ends when the server responds", async () => {
    const script = `echo >>'${folder}/calls'; [ "$(wc -l <'${folder}/calls')" -ge 3 ] || exit 255`;
    const { announced, failure } = await waited(script, 60);
    expect(failure).toBeUndefined();
    expect(announced).toEqual(["Waiting up to 60 s for The server …"]);
  });

  test("ends at the timeout with ssh's message", async () => {
    const { failure } = await waited("echo 'Connection refused' >&2; exit 255", 1);
    expect(failure).toMatch(
      /^The server does not answer after 1 s\. Nothing was changed\. Check .*\n\nssh said: Connection refused$/,
    );
  });

  test("ends at once when the server refuses the key", async () => {
    const { announced, failure } = await waited(`echo '${DENIED}' >&2; exit 255`, 60);
    expect(announced).toEqual([]);
    expect(failure).toContain("The server refuses the key. Nothing was changed.");
  });

  test.each([
    ["nologin", "echo 'This account is currently not available.'; exit 1"],
    ["false", "exit 1"],
  ])("F21: ends at once when the account's shell is %s", async (_, script) => {
    const { announced, failure } = await waited(script, 60);
    expect(announced).toEqual([]);
    expect(failure).toMatch(/^The account on The server has no shell that signs in\. Nothing was changed\. .*chsh -s/);
  });

  test("fails at once without ssh", async () => {
    const place = { sshPrefix: "no-such-ssh host", server: "The server", stack: "prod", seconds: 60 };
    await expect(awaitServer(place)).rejects.toThrow("There is no ssh on this machine");
  });
});
