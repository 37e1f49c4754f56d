import { splitOutput } from "../output.mts";
import type { Place } from "../place.mts";
import { capture } from "../program.mts";
import { callOf } from "../run.mts";
import type { Server } from "./facts.mts";
import { parseServer } from "./parse.mts";

interface Observation {
  /** Undefined if the script did not run to its end. */
  server: Server | undefined;
  /** Standard error, which has ssh's reason. nologin prints its reason to standard output. */
  stderr: string;
}

/** Runs doctor.sh on the machine of a stack, which need not have Docker. `images` are base images to look for. */
export async function observe(place: Place, images: string[] = []): Promise<Observation> {
  const [program, words] = callOf(place, "doctor.sh", images, { withoutEngine: true });
  const began = Date.now();
  const { stdout, stderr } = await capture(program, words);
  const { shell, output } = splitOutput(stdout);
  const server = parseServer(output, { began, ended: Date.now() });
  const said = splitOutput(stderr).output.trim();
  if (!server) return { server, stderr: said || stdout.trim() };
  return { server: { ...server, loginOutput: shell.trim() }, stderr: said };
}
