import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // A deployment from nothing builds images; on a cold machine that takes minutes.
          testTimeout: 900_000,
          hookTimeout: 900_000,
          // Stories take a deployment through its life, so a failed step leaves nothing for the next to say.
          bail: 0,
          maxWorkers: 2,
        },
      },
    ],
  },
});
