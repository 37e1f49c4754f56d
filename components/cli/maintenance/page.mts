import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";

const LAYOUT = join(import.meta.dirname, "../../edge/errors/page.eta");
const eta = new Eta({ autoEscape: true });

/** The maintenance page for browsers and for programs, like the error pages of the edge. */
export function maintenancePage(message: string): { html: string; json: string } {
  const layout = readFileSync(LAYOUT, "utf8");
  const html = eta.renderString(layout, { heading: "Maintenance", text: message, link: "Try again" });
  return { html, json: `${JSON.stringify({ detail: message })}\n` };
}
