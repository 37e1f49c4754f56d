import { Problem } from "../../model/problem.ts";
import { onServer, runInteractively } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { expectedWords } from "./restore.mts";

interface RestoreFrom {
  /** Another stack of the project on the same server. */
  from: string;
  /** Changes each restored database before it is used. */
  sql: string;
  /** Seconds to wait for a deployment. */
  lockWait: number;
}

/**
 * Restores the databases of the newest backup of another stack. The application never has the data as it was before `sql`. Files are not
 * restored. The passphrase of the backup stays in the container of the other stack. @throws Problem if the restore fails.
 */
export async function restoreFrom(stack: Stack, { from, sql, lockWait }: RestoreFrom): Promise<void> {
  await withDeployLock(stack, lockWait, async () => {
    const { state, place } = await deployedStack(stack);
    const found = await onServer({ ...place, stack: from }, "backups.sh", { words: ["find", "latest"] });
    const [repository = "", id = ""] = found.trim().split(" ");
    const change = Buffer.from(sql).toString("base64");
    const words = [repository, id.slice(0, 8), "no", expectedWords(stack, state), from, change];
    const status = await runInteractively(place, "restore.sh", { words, input: "" });
    await audit(place, "restore", { backup: id.slice(0, 8), from, ...(status !== 0 && { result: "failed" }) });
    if (status !== 0) throw new Problem("", status);
  });
}
