import { expect } from "vitest";
import type { Deployment } from "./deployment";

/** Takes and proves a backup, loses data, and restores it. */
export async function expectBackupRoundTrip(deployment: Deployment, loss: () => Promise<unknown>): Promise<void> {
  await deployment.make("backup");
  const proof = await deployment.make("restore-drill");
  expect(proof).toMatch(/postgres: [1-9]\d* rows in [1-9]\d* tables, [1-9]\d* migrations/);
  await loss();
  expect(await deployment.make("restore", "YES=1")).toMatch(/Restored [0-9a-f]{8} in \d+ s/);
}
