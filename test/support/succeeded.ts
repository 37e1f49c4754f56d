import { expect } from "vitest";
import type { CommandResult } from "./deployment";

/** The output of a command, which must succeed. */
export async function succeeded(result: Promise<CommandResult>): Promise<string> {
  const { failed, output } = await result;
  expect(failed, output).toBe(false);
  return output;
}
