import { auditFolder } from "../../model/audit.ts";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { parseTested, parseWatch, type Tested, type Watch } from "./watch.mts";

/** What the watch of a stack has seen. @throws Problem without a watch. */
export async function alertsOf(stack: Stack): Promise<Watch> {
  const { place } = await deployedStack(stack);
  const watch = parseWatch(await onServer(place, "alerts.sh", callFor(place)));
  if (watch) return watch;
  throw noWatch(place);
}

/** Sends a test message to each target. @throws Problem without a watch. */
export async function testAlerts(stack: Stack): Promise<Tested[]> {
  const { place } = await deployedStack(stack);
  const tested = parseTested(await onServer(place, "alerts-test.sh", callFor(place)));
  if (tested.length > 0) return tested;
  throw noWatch(place);
}

function callFor({ sshPrefix }: Place) {
  return { words: [auditFolder(sshPrefix)], withoutEngine: true };
}

function noWatch({ sshPrefix, stack }: Place): Problem {
  return new Problem(
    sshPrefix === ""
      ? `The stack ${stack} runs on this machine, and alerts are for servers.`
      : `The stack ${stack} has no alerts. Set their targets (docs/alerts.md) and release: cat targets | pulumi config set --secret alertsTo --stack ${stack}`,
  );
}
