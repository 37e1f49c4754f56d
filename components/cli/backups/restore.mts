import { Problem } from "../../model/problem.ts";
import { attached, onServer } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { expectedBy } from "../status/look.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";

interface Restore {
  /** Id or tag of the backup. Default: the newest. */
  which: string | undefined;
  yes: boolean;
  /** Whether what is there now is backed up first. */
  safetyBackup: boolean;
}

/** Restores a backup into the running stack, after consent. @throws Problem when it fails; the server says what became of the stack. */
export async function restore(stack: Stack, { which = "latest", yes, safetyBackup }: Restore): Promise<void> {
  const { state, place } = await deployedStack(stack);
  const found = await onServer(place, "backups.sh", { words: ["find", which] });
  const [where = "", id = "", taken = ""] = found.trim().split(" ");
  const kept = safetyBackup ? ", but kept in a backup of its own" : "";
  console.log(`This restores the stack ${stack.name} to the backup ${id.slice(0, 8)}, taken ${moment(taken)} (${where}).
Data entered since then is removed${kept}. The stack is down meanwhile.`);
  const words = [
    "restore",
    ...(which === "latest" ? [] : [which]),
    ...(safetyBackup ? [] : ["--no-safety-backup"]),
    "--yes",
  ];
  await consent({ yes, question: "Restore?", word: stack.name, without: hint(stack.name, ...words) });
  const expected = expectedBy(stack, state).containers.join(" ");
  const status = await attached(place, "restore.sh", {
    words: [where, id.slice(0, 8), safetyBackup ? "yes" : "no", expected],
    input: "",
  });
  if (status !== 0) throw new Problem("", status);
}

/** Local time, to the second. */
function moment(text: string): string {
  const date = new Date(text);
  // Swedish writes dates as everybody understands them.
  return Number.isNaN(date.getTime()) ? text : date.toLocaleString("sv-SE");
}
