import { defineConfig } from "vitest/config";
import { Failures } from "./test/support/failures.mts";
import { LongestFirst } from "./test/support/longest-first.mts";

// A deployment from scratch builds images, which takes minutes on a cold machine. A browser beside it on two processors
// is slow too, so timeouts are long.
const patient = {
  globalSetup: "test/servers/global-setup.ts",
  testTimeout: 900_000,
  hookTimeout: 900_000,
  // One more than the processors of a small machine, since stories often wait. With four, browsers answer too late.
  maxWorkers: 3,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    tags: [
      {
        name: "extended",
        description: "A variation, repeated proof or fault that another test covers in kind: only in `make test-all`",
      },
    ],
    sequence: { sequencer: LongestFirst },
    reporters: ["default", new Failures()],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/stories/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "stories",
          include: ["test/stories/**/*.test.ts"],
          setupFiles: "test/support/show-pages.ts",
          ...patient,
          sequence: { groupOrder: 1 },
        },
      },
      // One file at a time, as each needs the whole machine.
      { test: { name: "bench", include: ["bench/**/*.bench.ts"], ...patient, maxWorkers: 1, testTimeout: 1_800_000 } },
    ],
  },
});
