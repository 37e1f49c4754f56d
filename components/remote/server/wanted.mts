import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillLabels } from "../../model/labels.ts";
import type { Target } from "./checks/target.mts";
import type { Wanted } from "./prepare.mts";

const SCRIPTS = join(import.meta.dirname, "../../host/scripts");

/** What the program of a stack would prepare (host/server.ts), for the command. */
export function wantedFor(target: Target): Wanted {
  const read = (file: string) => readFileSync(join(SCRIPTS, file), "utf8");
  const dropIn = fillLabels(read("docker-service.conf")).trimEnd();
  return { ...target, dropIn, sshd: read("sshd.conf").trimEnd() };
}
