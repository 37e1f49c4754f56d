import { defineConfig } from "vitest/config";
import { Failures } from "./test/support/failures.mts";
import { LongestFirst } from "./test/support/longest-first.mts";

// A deployment from nothing builds images; on a cold machine that takes minutes.
// A browser beside it on two processors is slow too: what a story waits for may take a while.
const patient = {
  globalSetup: "test/servers/use.ts",
  testTimeout: 900_000,
  hookTimeout: 900_000,
  // One more than the processors of a small machine, as much of a story is waiting.
  maxWorkers: 3,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ["default", new Failures()],
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/stories/**"], testTimeout: 60_000 } },
      { test: { name: "stories", include: ["test/stories/**/*.test.ts"], ...patient, sequence: { groupOrder: 1 } } },
      // One file after the other, as each wants the machine for itself.
      { test: { name: "bench", include: ["bench/**/*.bench.ts"], ...patient, maxWorkers: 1, testTimeout: 1_800_000 } },
    ],
  },
});
