import { expect, test } from "vitest";
import { workersWithin } from "../../../components/edge/workers";

test.each([
  [1, 50, 2],
  [0.1, 50, 2],
  [3.5, 50, 4],
  [64, 50, 42],
  [64, 10, 2],
  [64, 4, 1],
])("F14: nginx with %d processors and %i processes has %i workers, on any machine", (cpus, pids, workers) => {
  expect(workersWithin({ cpus, pids })).toBe(workers);
});
