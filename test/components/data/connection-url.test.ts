import fc from "fast-check";
import { expect, test } from "vitest";
import { connectionUrl } from "../../../components/data/connection-url";

const local = { scheme: "postgresql", login: "app_1", host: "127.0.0.1", port: 5432, database: "shop" } as const;

test("F47: a URL without special characters is as people write it", () => {
  expect(connectionUrl(local)).toBe("postgresql://app_1@127.0.0.1:5432/shop");
  expect(connectionUrl({ ...local, password: "p@ss/w#rd:12" })).toBe(
    "postgresql://app_1:p%40ss%2Fw%23rd%3A12@127.0.0.1:5432/shop",
  );
});

test("F47: any login, password and database come out of a URL as they went in", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(text, text, text, (login, password, database) => {
      const url = new URL(connectionUrl({ ...local, login, password, database: `x${database}` }));
      expect([url.username, url.password, url.pathname.slice(2)].map(decodeURIComponent)).toEqual([
        login,
        password,
        database,
      ]);
      expect([url.hostname, url.port, url.search, url.hash]).toEqual(["127.0.0.1", "5432", "", ""]);
    }),
  );
});
