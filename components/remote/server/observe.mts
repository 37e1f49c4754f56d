import { splitOutput } from "../output.mts";
import type { Place } from "../place.mts";
import { capture } from "../program.mts";
import { callOf } from "../run.mts";
import { sudoInput } from "../sudo.mts";
import type { Server } from "./facts.mts";
import { parseServer } from "./parse.mts";

interface Observation {
  /** Undefined if the script did not run to its end. */
  server: Server | undefined;
  /** Standard error, which has ssh's reason. nologin prints its reason to standard output. */
  stderr: string;
}

/**
 * Runs doctor.sh on the machine of a stack, which need not have Docker.
 *
 * @param images Base images to look for.
 * @param password The account's password, to observe as root what else the account cannot. Default: none.
 */
export async function observe(place: Place, images: string[] = [], password?: string): Promise<Observation> {
  const plain = await observeAs(place, images);
  if (password === undefined || !plain.server) return plain;
  const { server, stderr } = await observeAs(place, images, password);
  if (!server) return { server, stderr };
  const { account, inPasswd, shell, loginOutput, docker } = plain.server;
  const own = { context: docker.context, rootless: docker.rootless || server.docker.rootless };
  const seen = { ...server, account, inPasswd, shell, loginOutput, docker: { ...server.docker, ...own } };
  return { server: { ...seen, sudo: "password" }, stderr };
}

async function observeAs(place: Place, images: string[], password?: string): Promise<Observation> {
  const asRoot = password !== undefined;
  const [program, words] = callOf(place, "doctor.sh", images, { withoutEngine: true, asRoot });
  const began = Date.now();
  const { stdout, stderr } = await capture(program, words, asRoot ? sudoInput(password) : "");
  const { shell, output } = splitOutput(stdout);
  const server = parseServer(output, { began, ended: Date.now() });
  const said = splitOutput(stderr).output.trim();
  if (!server) return { server, stderr: said || stdout.trim() };
  return { server: { ...server, loginOutput: shell.trim() }, stderr: said };
}
