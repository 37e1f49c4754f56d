import type { Command } from "commander";
import { define, type StackOptions } from "./define.mts";

export function doctor(berth: Command): void {
  define(berth, { usage: "doctor", description: "", examples: { "npx berth doctor": "" } }).action(
    async (_: StackOptions) => {},
  );
}
