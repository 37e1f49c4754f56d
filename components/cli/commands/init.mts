import type { Command } from "commander";

export function init(berth: Command): void {
  berth.command("init").action(async () => {});
}
