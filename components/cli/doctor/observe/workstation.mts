import { accessSync, constants, statSync } from "node:fs";
import { userInfo } from "node:os";
import { controlDirectory, controlDirectoryProblem } from "../../../remote/control-directory.ts";
import { capture } from "../../../remote/program.mts";
import type { KeyFile, Workstation } from "../facts.mts";
import type { Settings } from "../settings.mts";

/** Observes this machine. */
export async function observeWorkstation({ values }: Settings): Promise<Workstation> {
  const folder = controlDirectory();
  const version = await capture("ssh", ["-V"]);
  return {
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    sockets: { folder, problem: controlDirectoryProblem(folder) },
    umask: process.umask(),
    ssh: version.status === 127 ? undefined : `${version.stderr}${version.stdout}`.trim(),
    keyFile: values["serverKeyFile"] ? await observeKey(values["serverKeyFile"], userInfo().homedir) : undefined,
    agent: await observeAgent(),
  };
}

/** ssh takes `~` from the account database, also where HOME differs. */
async function observeKey(path: string, home: string): Promise<KeyFile> {
  const file = path.replace(/^~(?=\/|$)/, home);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return { path, exists: false, mode: 0, kind: "unreadable" };
  return { path, exists: true, mode: stats.mode & 0o777, kind: await kindOf(file) };
}

/** Tries an empty passphrase, so that ssh-keygen does not prompt. It refuses a file that others can read; `mode` reports that. */
async function kindOf(file: string): Promise<KeyFile["kind"]> {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    return "unreadable";
  }
  const { status, stderr } = await capture("ssh-keygen", ["-y", "-P", "", "-f", file]);
  // Without ssh-keygen, the check of the sign-in reports a bad key.
  if (status === 0 || status === 127 || /bad permissions|too open/.test(stderr)) return "plain";
  return /passphrase/i.test(stderr) ? "passphrase" : "unreadable";
}

/** `ssh-add -l` exits with 1 if the agent has no key, and with 2 if there is no agent. */
async function observeAgent(): Promise<Workstation["agent"]> {
  const { status } = await capture("ssh-add", ["-l"]);
  if (status === 0) return "keys";
  return status === 1 ? "empty" : "none";
}
