// Shows what differs from what was deployed, has the next `up` mend it, or takes away only what was not deployed: drift.mts show|mend|clear <stack>.
// Exit codes: 0 none (or all in hand), 4 something differs (mend: something is to be removed after the up), 1 it cannot be told.
import { existsSync } from "node:fs";
import { onServer, Problem, pulumi } from "../server.mts";
import { compare } from "./compare.mts";
import type { Deployed } from "./deployed.mts";
import { type Finding, mendingOf, type Removal } from "./findings.mts";
import { look, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";
import { report } from "./report.mts";
import { deployed } from "./undisturbed.mts";

const DIFFERS = 4;

async function main([action = "", stack = ""]: string[]): Promise<number> {
  const now = await known(stack);
  if (now.reach === undefined) {
    if (action !== "show") return 0;
    throw new Problem(`Nothing of the stack ${stack} is deployed. It is deployed by: ${call("up", stack)}`);
  }
  const seen = await look(stack, viewOf(now, now.reach));
  const findings = compare(now, observedFrom(seen));
  if (action === "clear") return clear(stack, now.reach, findings);
  return action === "mend" ? mend(stack, now.reach, findings) : show(stack, findings);
}

async function known(stack: string): Promise<Deployed> {
  try {
    return await deployed(stack);
  } catch (error) {
    if (!String(error).includes("no stack named")) throw error;
    throw new Problem(`There is no stack ${stack}. It is made by: ${call("up", stack)}`);
  }
}

function show(stack: string, findings: Finding[]): number {
  if (findings.length === 0) {
    console.log(`All of the stack ${stack} is as it was deployed.`);
    return 0;
  }
  console.log(`${report(findings)}\n\nMended by: ${call("up", stack)}`);
  return DIFFERS;
}

/** Marks in the state what the next `up` makes anew, and takes away what stands in its way. */
async function mend(stack: string, reach: string, findings: Finding[]): Promise<number> {
  if (findings.length === 0) return 0;
  const { replace, refresh, now, later } = mendingOf(findings);
  const inHand = findings.filter(({ cure }) => !cure?.remove?.later);
  if (inHand.length > 0) console.log(`Not as it was deployed, and mended now:\n${report(inHand)}\n`);
  if (now.length > 0) await onServer(reach, stack, "remove.sh", { words: now.map(word) });
  if (refresh.length > 0) {
    const targets = refresh.flatMap((urn) => ["--target", urn]);
    await pulumi(stack, ["refresh", "--yes", "--skip-preview", ...configFile(stack), ...targets]);
  }
  if (replace.length > 0) await pulumi(stack, ["state", "taint", "--yes", ...replace]);
  return later.length > 0 ? DIFFERS : 0;
}

/** Takes away only what was not deployed, so that nothing of it is in the way when the stack is taken away. */
async function clear(stack: string, reach: string, findings: Finding[]): Promise<number> {
  const { now, later } = mendingOf(findings);
  const strangers = [...now, ...later];
  if (strangers.length > 0) await onServer(reach, stack, "remove.sh", { words: strangers.map(word) });
  return 0;
}

/** Where `make up` has put the stack's configuration; without it, Pulumi would write its salt into the tracked file. */
function configFile(stack: string): string[] {
  const file = `.pulumi-state/Pulumi.${stack}.yaml`;
  return existsSync(file) ? ["--config-file", file] : [];
}

function word({ kind, id, grace = 10 }: Removal): string {
  return `${kind}=${id}=${grace}`;
}

/** How a make target is called for a stack. */
function call(target: string, stack: string): string {
  return `make ${target}${stack === "dev" ? "" : ` STACK=${stack}`}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  process.exitCode = 1;
}
