import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { overSsh, sshOptions, sshUrl } from "../../../components/host/ssh";

const target = { host: "203.0.113.7", port: 2222, user: "ubuntu", hostKey: "ssh-ed25519 AAAAkey root@server" };

describe("ssh options", () => {
  test("pin the host key without its comment and refuse any other", () => {
    expect(sshOptions(target)).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAkey");
    expect(sshOptions(target)).toContain("StrictHostKeyChecking=yes");
    expect(sshOptions(target)).toContain("UserKnownHostsFile=/dev/null");
  });

  test("share connections", () => {
    expect(sshOptions(target)).toContain("ControlMaster=auto");
  });

  test("offer the named key only", () => {
    const options = sshOptions({ ...target, keyFile: "~/.ssh/deploy" });
    expect(options).toContain("IdentityFile=~/.ssh/deploy");
    expect(options).toContain("IdentitiesOnly=yes");
  });

  test("use the agent when no key is named", () => {
    expect(sshOptions(target).join()).not.toContain("Identity");
  });

  test("are accepted by ssh", () => {
    const shown = execFileSync("ssh", ["-G", ...sshOptions(target), target.host], { encoding: "utf8" });
    expect(shown).toMatch(/^stricthostkeychecking (yes|true)$/m);
    expect(shown).toMatch(/^knownhostscommand \/bin\/echo %H ssh-ed25519 AAAAkey$/m);
  });
});

test("the Docker provider's address contains account, host and port", () => {
  expect(sshUrl(target)).toBe("ssh://ubuntu@203.0.113.7:2222");
  expect(sshUrl({ ...target, user: "me@corp" })).toBe("ssh://me%40corp@203.0.113.7:2222");
  expect(sshUrl({ ...target, host: "2001:db8::7" })).toBe("ssh://ubuntu@[2001:db8::7]:2222");
});

test("a remote command is quoted for both shells it passes", () => {
  const call = overSsh({ ...target }, "printf %s 'it'\\''s'");
  // A function in place of ssh that passes its last argument to a shell, as sshd does.
  const local = `ssh() { for last; do :; done; sh -c "$last"; }; ${call}`;
  expect(execFileSync("sh", ["-c", local], { encoding: "utf8" })).toBe("it's");
});
