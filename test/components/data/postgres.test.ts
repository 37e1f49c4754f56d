import { describe, expect, test } from "vitest";
import { makeExtensions, makeReader, makeRoles } from "../../../components/data/postgres-roles";
import { postgresCommand, postgresParameters } from "../../../components/data/postgres-settings";

describe("the settings of PostgreSQL", () => {
  test.each([
    [
      128,
      1,
      { shared_buffers: "32MB", effective_cache_size: "96MB", maintenance_work_mem: "16MB", work_mem: "1024kB" },
    ],
    [
      512,
      1,
      { shared_buffers: "128MB", effective_cache_size: "384MB", maintenance_work_mem: "32MB", work_mem: "1310kB" },
    ],
    [
      16384,
      8,
      {
        shared_buffers: "4096MB",
        effective_cache_size: "12288MB",
        maintenance_work_mem: "1024MB",
        max_parallel_workers: "8",
      },
    ],
  ])("are derived from %i MiB and %i processors", (memory, cpus, expected) => {
    expect(postgresParameters({ memory, cpus })).toMatchObject(expected);
  });

  test("fit the memory limit even when every connection runs three sorts", () => {
    for (const memory of [512, 1024, 8192]) {
      const { shared_buffers, work_mem } = postgresParameters({ memory, cpus: 2 });
      expect(
        Number.parseInt(shared_buffers ?? "", 10) + (300 * Number.parseInt(work_mem ?? "", 10)) / 1024,
      ).toBeLessThanOrEqual(memory);
    }
  });

  test("are on its command line, sorted by name", () => {
    expect(postgresCommand({ b: "2", a: "1" })).toEqual(["-c", "a=1", "-c", "b=2"]);
  });
});

describe("the roles of a database", () => {
  const sql = makeRoles({ superuser: "super", owner: "app", login: "app_1", database: "mail" }, "it's \\ a password");

  test("quote any values", () => {
    expect(sql).toContain(`ALTER ROLE "app_1" PASSWORD 'it''s \\ a password';`);
  });

  test("disable statement logging before the first secret", () => {
    expect(sql.indexOf("SET log_min_error_statement = panic;")).toBe(0);
    expect(sql.indexOf("SET log_statement = 'none';")).toBeLessThan(sql.indexOf("PASSWORD '"));
  });
});

test("F08: the role of backups reads rows that policies hide, and large objects, and writes nothing", () => {
  const sql = makeReader({ login: "mail_backups", database: "mail" }, "pass");
  expect(sql).toContain('ALTER ROLE "mail_backups" LOGIN BYPASSRLS;');
  expect(sql).toContain('ALTER ROLE "mail_backups" SET lo_compat_privileges = on;');
  expect(sql).toContain('ALTER ROLE "mail_backups" SET default_transaction_read_only = on;');
  expect(sql).toContain('GRANT pg_read_all_settings TO "mail_backups";');
  expect(sql).not.toMatch(/SUPERUSER|pg_write|CREATEROLE/);
});

test("create missing extensions", () => {
  expect(makeExtensions(["uuid-ossp", "pgcrypto"])).toBe(
    'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\nCREATE EXTENSION IF NOT EXISTS "pgcrypto";\n',
  );
});
