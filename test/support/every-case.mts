/** `make test-all` runs every case: extended tests, and the whole of long series. `make test` leaves them out. */
export const EVERY_CASE = process.env["BERTH_TEST_ALL"] === "1";
