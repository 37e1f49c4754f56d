import { z } from "zod";
import { auditFolder } from "../../model/audit.ts";
import { parsedJson } from "../../model/parsed-json.ts";
import { actorIn } from "../../release/actor.mts";
import type { Place } from "../../remote/place.mts";
import { attempt, onServer } from "../../remote/run.mts";

const Line = z.intersection(z.object({ at: z.string(), action: z.string() }), z.record(z.string(), z.string()));
/** A line of the audit log: time (ISO 8601, UTC), action, and texts that depend on the action. */
export type AuditLine = z.infer<typeof Line>;

/**
 * Appends a line to the audit log of a stack, with the person who runs this command. Values must not be secret. A log that cannot be
 * written is reported and stops nothing.
 */
export async function audit(place: Place, action: string, details: Record<string, string> = {}): Promise<void> {
  const pairs = Object.entries({ by: actorIn("."), ...details }).map(([key, value]) => `${key}=${value}`);
  const words = [auditFolder(place.sshPrefix), action, ...pairs];
  const result = await attempt(place, "audit.sh", { words, withoutEngine: true }).catch((error: Error) => error);
  if (result instanceof Error) console.error(`The audit log was not written: ${result.message}`);
  else process.stderr.write(result.stderr);
}

/** The newest lines of the audit log, the oldest first. */
export async function auditLog(place: Place, limit: number): Promise<AuditLine[]> {
  const words = [auditFolder(place.sshPrefix)];
  return parseLog(await onServer(place, "audit-log.sh", { words, withoutEngine: true })).slice(-limit);
}

/** Parses the lines, and skips those that a full disk or an editor left incomplete. */
export function parseLog(printed: string): AuditLine[] {
  return printed.split("\n").flatMap((line) => parsedJson(Line, line) ?? []);
}
