/** `make test-all` runs every case of a long series; `make test` a sample. */
const EVERY_CASE = process.env["BERTH_TEST_ALL"] === "1";

/**
 * The whole series in `make test-all`; otherwise `count` values, evenly spread, including the first and, of two and more, the last.
 * A test that names its main cases takes 0.
 * @example sample([1, 2, 3, 4, 5], 3) // [1, 3, 5]
 */
export function sample<T>(all: T[], count: number): T[] {
  if (EVERY_CASE || all.length <= count) return all;
  const last = all.length - 1;
  return Array.from({ length: count }, (_, index) => all[Math.round((index * last) / Math.max(1, count - 1))] as T);
}
