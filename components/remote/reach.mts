// Waits for a server. The command `berth` calls it, and Pulumi starts it with Node.js (host/server.ts).
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../model/problem.ts";
import { wordsOf } from "../model/shell.ts";
import { refusalIn } from "../model/ssh-answer.ts";
import { prepareControlDirectory } from "./control-directory.ts";
import { entryPoint } from "./entry-point.mts";
import { capture } from "./program.mts";

interface ServerWait {
  /** The ssh command line up to the remote command, quoted for a shell. */
  sshPrefix: string;
  /** Description of the server with which a sentence begins. */
  server: string;
  stack: string;
  /** Timeout in seconds. 0: a single attempt. */
  seconds: number;
  /** Called once, after the first failed attempt. */
  announce?: (text: string) => void;
}

/** Entry point of a local command of Pulumi, which sets environment variables with the server. */
export async function reach(): Promise<void> {
  const { SSH = "", SERVER = "", STACK = "", WAIT_SECONDS = "0" } = process.env;
  const target = {
    sshPrefix: SSH,
    server: SERVER,
    stack: STACK,
    seconds: Number(WAIT_SECONDS),
    announce: console.log,
  };
  await entryPoint(() => awaitServer(target));
}

/** Waits until ssh can sign in. @throws Problem after the timeout, or on an error that waiting does not solve. */
export async function awaitServer({ sshPrefix, server, stack, seconds, announce }: ServerWait): Promise<void> {
  prepareControlDirectory();
  const [ssh = "ssh", ...words] = wordsOf(sshPrefix);
  const deadline = Date.now() + seconds * 1000;
  for (let attempt = 1; ; attempt++) {
    const { status, stdout, stderr } = await capture(ssh, [...words, "--", "true"]);
    if (status === 0) return;
    // The account's shell may return this status too, so this checks ssh itself.
    if (status === 127 && (await capture(ssh, ["-V"])).status === 127) {
      throw new Problem("There is no ssh on this machine. Install it: apt-get install openssh-client");
    }
    const output = `${stderr}${stdout}`.trim();
    // 255 is ssh's own exit code.
    const { kind, problem, advice } = refusalIn(output, { server, stack }, status !== 255);
    const late = Date.now() >= deadline;
    if (kind !== "no answer" || late) {
      const waited = kind === "no answer" && seconds > 0 ? ` after ${seconds} s` : "";
      throw new Problem(`${problem}${waited}. Nothing was changed. ${advice}\n\nssh said: ${output || "nothing"}`);
    }
    if (attempt === 1) announce?.(`Waiting up to ${seconds} s for ${server} …`);
    await pause(PAUSE_MS);
  }
}

const PAUSE_MS = 2000;
