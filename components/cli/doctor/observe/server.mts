import { sshCommand } from "../../../host/ssh.ts";
import { commandLine } from "../../../model/shell.ts";
import { captured } from "../../../remote/program.mts";
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
    return { connection: { kind: "here", said: "" }, server: await observeHere(stack, images) };
  }
  const sshPrefix = sshPrefixFrom(settings);
  if (sshPrefix === undefined) return { connection: { kind: "no settings", said: "" }, server: undefined };
  const { printed, said, clock } = await run(stack, sshPrefix, images);
  const server = parseServer(printed, clock);
  return { connection: { kind: server ? "connected" : "failed", said }, server };
}

/** Runs doctor.sh on this machine. */
export async function observeHere(stack: Stack, images: string[]): Promise<Server | undefined> {
  const { printed, clock } = await run(stack, "", images);
  return parseServer(printed, clock);
}

async function run({ project, name }: Stack, sshPrefix: string, images: string[]) {
  const place = { sshPrefix, project: project.name, stack: name };
  const [program, words] = callOf(place, "doctor.sh", images, { withoutEngine: true });
  const began = Date.now();
  const { stdout, stderr } = await captured(program, words);
  return { printed: stdout, said: stderr.trim(), clock: { began, ended: Date.now() } };
}

/** The ssh command line without connection sharing: an open connection would hide a changed host key. */
function sshPrefixFrom({ values }: Settings): string | undefined {
  const { serverHost: host = "", serverHostKey: hostKey, serverPort, serverUser: user = "", serverKeyFile } = values;
  if (!hostKey) return undefined;
  const target = { host, hostKey, port: Number(serverPort), user, ...(serverKeyFile && { keyFile: serverKeyFile }) };
  const [ssh = "ssh", ...words] = sshCommand(target);
  return commandLine([ssh, "-o", "ControlMaster=no", "-o", "ControlPath=none", ...words]);
}
