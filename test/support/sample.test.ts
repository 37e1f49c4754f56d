import { expect, test } from "vitest";
import { sample } from "./sample";

const series = Array.from({ length: 20 }, (_, index) => index);

test.skipIf(process.env["BERTH_TEST_ALL"] === "1")(
  "a sample contains the first, the last and some values between, in order",
  () => {
    expect(sample(series, 4)).toEqual([0, 6, 13, 19]);
    expect(sample(series, 2)).toEqual([0, 19]);
    expect(sample(series, 1)).toEqual([0]);
    expect(sample(series, 0)).toEqual([]);
  },
);

test("a short series is returned whole", () => {
  expect(sample([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(sample([1], 3)).toEqual([1]);
});
