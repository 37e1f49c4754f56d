import { z } from "zod";

const Event = z.object({
  policyEvent: z.object({ message: z.string(), policyName: z.string(), enforcementLevel: z.string() }).optional(),
});

/** What the policies refuse, each once, from the events Pulumi wrote: one a line, in JSON. */
export function refusalsIn(events: string): string[] {
  const refused = events
    .split("\n")
    .filter((line) => line.includes('"policyEvent"'))
    .map((line) => Event.parse(JSON.parse(line)).policyEvent)
    .filter((event) => event?.enforcementLevel === "mandatory")
    // Its first line describes the rule, the second what breaks it here.
    .map((event) => `${event?.policyName}: ${event?.message.trim().split("\n").slice(1).join(" ")}`);
  return [...new Set(refused)].sort();
}
