import { sshCommand } from "../../../host/ssh.ts";
import { commandLine, wordsOf } from "../../../model/shell.ts";
import { observe } from "../../../remote/server/observe.mts";
import { placeOf } from "../../project/place.mts";
import type { Stack } from "../../project/stack.mts";
import { sudoPassword } from "../../terminal/sudo-password.mts";
import type { Connection, Server } from "../facts.mts";
import type { Settings } from "../settings.mts";

export interface Seen {
  connection: Connection;
  server: Server | undefined;
}

interface Query {
  /** Base images to look for. */
  images: string[];
  /** Whether to ask on a terminal for a password that sudo needs. */
  interactive: boolean;
}

/** Runs doctor.sh on the machine the stack is deployed to. */
export async function observeServer(stack: Stack, settings: Settings, { images, interactive }: Query): Promise<Seen> {
  if (!settings.values["serverHost"]) {
    return { connection: { kind: "local", stderr: "" }, server: await observeLocal(stack, images) };
  }
  const shared = sharedPrefix(settings);
  if (shared === undefined) return { connection: { kind: "no settings", stderr: "" }, server: undefined };
  // An open connection would hide a changed host key.
  const place = placeOf(stack, separatePrefix(shared));
  const seen = await observe(place, images);
  const password = interactive && seen.server ? await sudoPassword(place, seen.server) : undefined;
  const { server, stderr } = password === undefined ? seen : await observe(place, images, password);
  return { connection: { kind: server ? "connected" : "failed", stderr }, server };
}

/** Runs doctor.sh on this machine. */
export async function observeLocal(stack: Stack, images: string[]): Promise<Server | undefined> {
  return (await observe(placeOf(stack, ""), images)).server;
}

/** The ssh command line of the settings, which shares its connection; undefined without a server or its host key. */
export function sharedPrefix({ values }: Settings): string | undefined {
  const { serverHost: host, serverHostKey: hostKey, serverPort, serverUser: user = "", serverKeyFile } = values;
  if (!host || !hostKey) return undefined;
  const target = { host, hostKey, port: Number(serverPort), user, ...(serverKeyFile && { keyFile: serverKeyFile }) };
  return commandLine(sshCommand(target));
}

/** The ssh command line without connection sharing. */
export function separatePrefix(shared: string): string {
  const [ssh = "ssh", ...words] = wordsOf(shared);
  return commandLine([ssh, "-o", "ControlMaster=no", "-o", "ControlPath=none", ...words]);
}
