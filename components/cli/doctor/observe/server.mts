import { sshCommand } from "../../../host/ssh.ts";
import { commandLine } from "../../../model/shell.ts";
import { observe } from "../../../remote/server/observe.mts";
import type { Stack } from "../../project/stack.mts";
import type { Connection, Server } from "../facts.mts";
import type { Settings } from "../settings.mts";

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
  const { server, stderr } = await observe(placeOf(stack, sshPrefix), images);
  return { connection: { kind: server ? "connected" : "failed", stderr }, server };
}

/** Runs doctor.sh on this machine. */
export async function observeLocal(stack: Stack, images: string[]): Promise<Server | undefined> {
  return (await observe(placeOf(stack, ""), images)).server;
}

function placeOf({ project, name }: Stack, sshPrefix: string) {
  return { sshPrefix, project: project.name, stack: name };
}

/** The ssh command line without connection sharing, as an open connection would hide a changed host key. */
function sshPrefixFrom({ values }: Settings): string | undefined {
  const { serverHost: host = "", serverHostKey: hostKey, serverPort, serverUser: user = "", serverKeyFile } = values;
  if (!hostKey) return undefined;
  const target = { host, hostKey, port: Number(serverPort), user, ...(serverKeyFile && { keyFile: serverKeyFile }) };
  const [ssh = "ssh", ...words] = sshCommand(target);
  return commandLine([ssh, "-o", "ControlMaster=no", "-o", "ControlPath=none", ...words]);
}
