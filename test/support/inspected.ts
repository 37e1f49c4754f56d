import { expect } from "vitest";
import { eventually } from "./eventually";
import type { Docker } from "./office-story";

/**
 * Containers as Docker reports them, after its first health check of each, which runs some seconds after their start.
 */
export async function inspected<T extends Watched>(docker: Docker, ids: string[]): Promise<T[]> {
  let found: T[] = [];
  await eventually(60, async () => {
    found = JSON.parse(await docker("inspect", ...ids));
    expect(found.filter(({ State }) => State.Health?.Status === "starting")).toEqual([]);
  });
  return found;
}

interface Watched {
  State: { Health?: { Status: string } };
}
