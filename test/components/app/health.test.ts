import { expect, test } from "vitest";
import { dockerHealthcheck, duration } from "../../../components/app/health";

test.each([
  [5, "5s"],
  [60, "1m0s"],
  [75, "1m15s"],
  [3600, "1h0m0s"],
])("%i seconds are written in the form Docker reports: %s", (seconds, written) => {
  expect(duration(seconds)).toBe(written);
});

test("a health check has the documented defaults", () => {
  expect(dockerHealthcheck({ command: ["true"] })).toEqual({
    tests: ["CMD", "true"],
    interval: "10s",
    timeout: "5s",
    startPeriod: "1s",
    retries: 5,
  });
});
