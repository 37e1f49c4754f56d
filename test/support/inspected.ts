import { expect } from "vitest";
import { eventually } from "./eventually";
import type { Docker } from "./office-story";

/**
 * Containers as Docker reports them, after its first health check of each, which runs some seconds after their start.
 */
export async function inspectAfterStart<T extends HealthChecked>(docker: Docker, ids: string[]): Promise<T[]> {
  let found: T[] = [];
  await eventually(60, async () => {
    found = JSON.parse(await docker("inspect", ...ids));
    expect(found.filter(({ State }) => State.Health?.Status === "starting")).toEqual([]);
  });
  return found;
}

interface HealthChecked {
  State: { Health?: { Status: string } };
}
