import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useKeyFromVariable } from "../../../../components/cli/engine/ssh-key.mts";

let folder: string;
let file: string;
let fingerprint: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-key-"));
  file = join(folder, "key");
  keygen("");
  [, fingerprint = ""] = execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" }).split(" ");
});
afterEach(() => rmSync(folder, { recursive: true }));

function keygen(passphrase: string): void {
  rmSync(file, { force: true });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", file]);
}

const PATH = process.env["PATH"];
const keysOf = (env: NodeJS.ProcessEnv) => execFileSync("ssh-add", ["-l"], { env, encoding: "utf8" });

test.each([
  ["a text", () => readFileSync(file, "utf8")],
  [
    "a text with line breaks of Windows and no last one",
    () => readFileSync(file, "utf8").trim().replaceAll("\n", "\r\n"),
  ],
  ["a file, as GitLab has it", () => file],
])("a key in the variable that is %s is in an agent, and no longer in the variable", async (_, value) => {
  const environment: NodeJS.ProcessEnv = { PATH, BERTH_SSH_KEY: value() };
  await useKeyFromVariable(environment);
  expect(environment).not.toHaveProperty("BERTH_SSH_KEY");
  expect(keysOf(environment)).toContain(fingerprint);
});

test("an agent that CI has started is used as it is", async () => {
  const environment: NodeJS.ProcessEnv = { PATH, SSH_AUTH_SOCK: "/run/agent" };
  await useKeyFromVariable(environment);
  expect(environment["SSH_AUTH_SOCK"]).toBe("/run/agent");
});

test("a key that cannot be used is refused without showing it", async () => {
  keygen("a passphrase");
  for (const value of [readFileSync(file, "utf8"), "not a key"]) {
    const refused = useKeyFromVariable({ PATH, BERTH_SSH_KEY: value }).catch((error: Error) => error.message);
    expect(await refused).toMatch(
      /^BERTH_SSH_KEY cannot be used: it must be an OpenSSH private key without a passphrase/,
    );
    expect(await refused).not.toContain(value.split("\n")[1] ?? value);
  }
});
