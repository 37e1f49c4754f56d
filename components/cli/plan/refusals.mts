import { z } from "zod";

const Event = z.object({
  policyEvent: z.object({ message: z.string(), policyName: z.string(), enforcementLevel: z.string() }).optional(),
});

/** Reads distinct policy violations from Pulumi's event log, which has one JSON event per line. */
export function refusalsIn(events: string): string[] {
  const refused = events
    .split("\n")
    .filter((line) => line.includes('"policyEvent"'))
    .map((line) => Event.parse(JSON.parse(line)).policyEvent)
    .filter((event) => event?.enforcementLevel === "mandatory")
    // The first line of the message describes the rule, the others the violation.
    .map((event) => `${event?.policyName}: ${event?.message.trim().split("\n").slice(1).join(" ")}`);
  return [...new Set(refused)].sort();
}
