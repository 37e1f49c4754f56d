import { sshCommand } from "../../../host/ssh.ts";
import { commandLine } from "../../../model/shell.ts";
import { capture } from "../../../remote/program.mts";
import { callOf } from "../../../remote/run.mts";
import type { Stack } from "../../project/stack.mts";
import type { Connection, Server } from "../facts.mts";
import type { Settings } from "../settings.mts";
import { parseServer } from "./parse-server.mts";

export interface Seen {
  connection: Connection;
  server: Server | undefined;
}

/** Runs doctor.sh on the machine the stack is deployed to. */
export async function observeServer(stack: Stack, settings: Settings, images: string[]): Promise<Seen> {
  if (!settings.values["serverHost"]) {
    return { connection: { kind: "local", stderr: "" }, server: await observeLocal(stack, images) };
  }
  const sshPrefix = sshPrefixFrom(settings);
  if (sshPrefix === undefined) return { connection: { kind: "no settings", stderr: "" }, server: undefined };
  const { stdout, stderr, clock } = await run(stack, sshPrefix, images);
  const server = parseServer(stdout, clock);
  return { connection: { kind: server ? "connected" : "failed", stderr }, server };
}

/** Runs doctor.sh on this machine. */
export async function observeLocal(stack: Stack, images: string[]): Promise<Server | undefined> {
  const { stdout, clock } = await run(stack, "", images);
  return parseServer(stdout, clock);
}

async function run({ project, name }: Stack, sshPrefix: string, images: string[]) {
  const place = { sshPrefix, project: project.name, stack: name };
  const [program, words] = callOf(place, "doctor.sh", images, { withoutEngine: true });
  const began = Date.now();
  const { stdout, stderr } = await capture(program, words);
  return { stdout, stderr: stderr.trim(), clock: { began, ended: Date.now() } };
}

/** The ssh command line without connection sharing, as an open connection would hide a changed host key. */
function sshPrefixFrom({ values }: Settings): string | undefined {
  const { serverHost: host = "", serverHostKey: hostKey, serverPort, serverUser: user = "", serverKeyFile } = values;
  if (!hostKey) return undefined;
  const target = { host, hostKey, port: Number(serverPort), user, ...(serverKeyFile && { keyFile: serverKeyFile }) };
  const [ssh = "ssh", ...words] = sshCommand(target);
  return commandLine([ssh, "-o", "ControlMaster=no", "-o", "ControlPath=none", ...words]);
}
