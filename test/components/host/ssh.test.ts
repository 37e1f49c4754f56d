import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { overSsh, sshOptions, sshUrl } from "../../../components/host/ssh";
import { controlDirectory } from "../../../components/remote/control-directory";
import { standardSettings } from "../../../components/settings/standard";

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

describe("F42, F27: the sockets of shared connections", () => {
  test.each(["/github/home", `/home/${"a".repeat(200)}`])(
    "have a short path in the account's own folder for HOME=%s",
    (home) => {
      const env = { ...process.env, HOME: home };
      const shown = execFileSync("ssh", ["-G", ...sshOptions(target), target.host], { encoding: "utf8", env });
      const path = /^controlpath (.*)$/m.exec(shown)?.[1] ?? "";
      expect(path).toMatch(new RegExp(`^${controlDirectory()}/[0-9a-f]{40}$`));
      // ssh binds a socket with 17 more characters first; Linux allows 107, macOS 103.
      expect(path.length + 17).toBeLessThanOrEqual(103);
    },
  );
});

describe("F43: serverKeyFile", () => {
  const { form } = standardSettings.serverKeyFile;
  const paths = [
    "/mnt/c/Users/John Doe/.ssh/id_ed25519",
    "/home/anna/100%/key %h",
    "/home/o'brien/key",
    "/home/müller/schlüssel",
    "/home/anna/#1 key; (old)",
    "/home/anna/key=a,b:c@d",
  ];

  test("reaches ssh unchanged with spaces, quotes, % and other letters", async () => {
    expect(paths.filter((path) => !form.safeParse(path).success)).toEqual([]);
    // ssh resolves the paths after it has connected.
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const options = paths.flatMap((keyFile) => sshOptions({ ...target, keyFile }));
    const words = [
      "-v",
      "-F",
      "none",
      "-o",
      "ControlPath=none",
      "-o",
      "ControlMaster=no",
      ...options,
      "-p",
      port,
      "127.0.0.1",
    ];
    const printed = await new Promise<string>((resolve) => {
      execFile("ssh", words, (_error, _stdout, stderr) => resolve(stderr));
    });
    server.close();
    for (const path of paths) expect(printed).toContain(`identity file ${inLog(path)} type -1`);
  });

  test.each(['/home/a"b', "C:\\Users\\John", "/home/$\u007bUSER}/key", "/home/a\nb"])("cannot be %s", (path) => {
    expect(form.safeParse(path).error?.issues[0]?.message).toContain("must be a path such as ~/.ssh/id_ed25519");
  });
});

/** A path as ssh logs it, with other letters as octal bytes. */
function inLog(path: string): string {
  return path.replace(/[^\x20-\x7e]/gu, (letter) =>
    [...Buffer.from(letter)].map((byte) => `\\${byte.toString(8)}`).join(""),
  );
}

test("the Docker provider's address contains account, host and port", () => {
  expect(sshUrl(target)).toBe("ssh://ubuntu@203.0.113.7:2222");
  expect(sshUrl({ ...target, user: "me@corp" })).toBe("ssh://me%40corp@203.0.113.7:2222");
  expect(sshUrl({ ...target, host: "2001:db8::7" })).toBe("ssh://ubuntu@[2001:db8::7]:2222");
});

test("a remote command is quoted for both shells it passes", () => {
  const call = overSsh(target, ["printf", "%s", "it's"]);
  // A function in place of ssh that passes its last argument to a shell, as sshd does.
  const local = `ssh() { for last; do :; done; sh -c "$last"; }; ${call}`;
  expect(execFileSync("sh", ["-c", local], { encoding: "utf8" })).toBe("it's");
});
