import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeReader } from "../../components/data/postgres-roles";
import { bridgeAddress } from "../servers/docker";
import { BackupContainer } from "../support/backup-container";
import { selfSignedCertificate } from "../support/self-signed-certificate";

let container: BackupContainer;
const inside = (script: string) => container.inside(script);
const sql = (text: string, database = "office") =>
  inside(`psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --host 127.0.0.1 --username postgres --dbname ${database} <<'SQL'
${text}
SQL`);

/** An extension with a table that pg_dump dumps in part, as PostGIS has one, and with one that it does not dump. */
const EXTENSION = `CREATE TABLE reference_system (id integer PRIMARY KEY, name text);
INSERT INTO reference_system SELECT n, 'of the extension' FROM generate_series(1, 20) n;
SELECT pg_extension_config_dump('reference_system', 'WHERE id > 900000');
CREATE TABLE cache (id integer, what text);`;

beforeAll(async () => {
  container = await BackupContainer.start({ DATABASES: "127.0.0.1:office:office_backups" });
  await inside(`
    for folder in /opt/postgres/share/postgresql/extension /usr/share/postgresql/*/extension; do
      [ -d $folder ] || continue
      printf 'default_version = 1.0\\nrelocatable = false\\n' >$folder/stand_in.control
      cat >$folder/stand_in--1.0.sql <<'SQL'
${EXTENSION}
SQL
    done
    mkdir /work/server && chown postgres /work/server && chmod 711 /work
    as_postgres() { su -s /bin/sh -c "PATH=$PATH $*" postgres; }
    as_postgres initdb --username postgres --auth trust --pgdata /work/server >/dev/null
    as_postgres pg_ctl --pgdata /work/server --wait --silent --log /work/server/log start`);
  await sql(readFileSync("test/support/every-kind.sql", "utf8"), "postgres");
  await sql(makeReader({ login: "office_backups", database: "office" }, "password"), "postgres");
});

afterAll(() => container?.stop());

const backup = () => container.run("backup", "manual");
const drill = () => container.run("drill");
/** A backup of the last dump with other parts. */
const forged = (edit: string) =>
  inside(`
    export RESTIC_PASSWORD_FILE=/run/secrets/passphrase RESTIC_REPOSITORY=/srv/backups/repository
    restic --quiet dump latest /databases | tar -x -C /backup
    cd /backup/databases/127.0.0.1 && ${edit}
    cd /backup && restic --quiet backup --tag manual --host office databases files
    rm -r /backup/databases/*`);

describe("F08, F11: a database with every kind of object", () => {
  test("is backed up by a role that can only read, and the backup says what it lacks", async () => {
    const said = await backup();
    expect(said).toContain("(manual) in");
    expect(said).toContain("user mappings of the foreign server far");
    expect(said).not.toContain("the database postgres");
    await sql("CREATE DATABASE other", "postgres");
    expect(await backup()).toContain("The server has the database other, which no backup contains");
    expect(await container.run("status")).toContain("Not in the backups: The server has the database other");
    await sql("DROP DATABASE other", "postgres");
  });

  test("passes the drill, which restores it in the same way as a restore", async () => {
    expect(await drill()).toMatch(/proven in .*127\.0\.0\.1: 70 rows in 11 tables, 1 migrations/);
  });

  test("is the same after a restore: rows, owners, privileges, policies, large objects and settings", async () => {
    // The functions of a restore, with this container's server in the place of the stack's.
    await inside(`
      here=/opt/berth STACK=office service=127.0.0.1 work=/work/restore model=postgres
      mkdir -p $work
      for part in notes journal repository snapshots restore-database; do . $here/$part.sh; done
      list_parts() { list_contents local latest /databases/$service; }
      read_part() { dump_from local latest "/databases/$service/$1"; }
      read_query() { cat "$here/$1"; }
      in_server() { PGHOST=127.0.0.1 PGUSER=postgres "$@"; }
      read_about && restore_into restored`);
    const facts = `
      SELECT count(*), min(title), max(picture) FROM sales.mails;
      SELECT polname, polroles::regrole[], relforcerowsecurity FROM pg_policy JOIN pg_class ON polrelid = pg_class.oid;
      SELECT count(*), max(name) FROM reference_system;
      SELECT convert_from(lo_get(4711), 'UTF8'), lomowner::regrole FROM pg_largeobject_metadata;
      SELECT relname, relowner::regrole, relacl FROM pg_class WHERE relname IN ('mails', 'parts', 'parent') ORDER BY 1;
      SELECT evtname, evtenabled FROM pg_event_trigger;
      SELECT last_value FROM numbers;
      SELECT datdba::regrole, datcollate, pg_encoding_to_char(encoding), datconnlimit, shobj_description(oid, 'pg_database')
        FROM pg_database WHERE datname = current_database();
      SELECT setrole::regrole, setconfig FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
        WHERE datname = current_database() ORDER BY 1;`;
    const restored = await sql(facts, "restored");
    expect(restored).toBe(await sql(facts));
    expect(restored).toContain("own|{analyst}|t");
    expect(restored).toContain("21|of the extension");
    expect(restored).toContain("a picture|app");
    expect(await sql("SELECT count(*) FROM cache", "restored")).toBe("0");
    await sql("DROP DATABASE restored", "postgres");
  });

  test.each([
    [
      "another owner",
      "sed -i 's/^table sales.parts p of app/table sales.parts p of analyst/' about/objects",
      "< table sales.parts",
    ],
    ["a missing policy", "echo 'policy other on sales.mails *' >>about/objects", "< policy other"],
  ])("fails the drill with %s", async (_, edit, said) => {
    await forged(edit);
    await expect(drill()).rejects.toThrow(said);
    await backup();
  });

  test("fails the backup with PostgreSQL's message when the role cannot read a row", async () => {
    await sql("ALTER ROLE office_backups NOBYPASSRLS", "postgres");
    await expect(backup()).rejects.toThrow(/row-level security policy/);
    await sql("ALTER ROLE office_backups BYPASSRLS", "postgres");
    expect(await backup()).toContain("(manual) in");
  });
});

test("a backup of an earlier version, without what pg_dump leaves out, passes the drill", async () => {
  await sql(
    "SET default_transaction_read_only = off; ALTER TABLE sales.mails DISABLE ROW LEVEL SECURITY; DROP POLICY own ON sales.mails; DROP USER MAPPING FOR app SERVER far",
  );
  await backup();
  await forged("rm -r about && echo 'rows public.cache|1' >>facts");
  expect(await drill()).toContain("70 rows in 11 tables");
  await backup();
});

describe("F33: a file that restic cannot read", () => {
  /** Lets restic report an error after the backup, with the exit code that it then has. */
  const failing = (reason: string) =>
    inside(`
      mkdir -p /work/bin
      printf '%s\\n' '#!/bin/sh' '/usr/local/bin/restic "$@"; code=$?' 'case " $* " in *" backup "*) ;; *) exit $code ;; esac' \\
        'echo "{\\"message_type\\":\\"error\\",\\"error\\":{\\"message\\":\\"open files/v/x: ${reason}\\"},\\"during\\":\\"archival\\",\\"item\\":\\"/files/v/x\\"}" >&2' \\
        'echo "{\\"message_type\\":\\"exit_error\\",\\"code\\":3,\\"message\\":\\"Warning: at least one source file could not be read\\"}" >&2' \\
        'exit 3' >/work/bin/restic
      chmod 755 /work/bin/restic
      PATH=/work/bin:$PATH sh /opt/berth/backups.sh backup manual 2>&1`);
  const snapshots = async () =>
    (JSON.parse(await container.run("snapshots")).local as { id: string }[]).map(({ id }) => id);

  test("as an application deleted it, does not fail the backup", async () => {
    const before = await snapshots();
    expect(await failing("no such file or directory")).toContain(
      "deleted while they were read, and are not in this backup: 1.",
    );
    expect(await snapshots()).toHaveLength(before.length + 1);
  });

  test("for another reason, fails the backup, and its snapshot is removed", async () => {
    const before = await snapshots();
    await expect(failing("input/output error")).rejects.toThrow(
      /The backup failed: open files\/v\/x: input\/output error It cannot be read/,
    );
    expect(await snapshots()).toEqual(before);
    expect(await container.run("find", "latest")).toContain(before.at(-1));
  });
});

test("F12: an image without wget and authorities pings over HTTPS with the authorities of restic's image", async () => {
  const { certificate, key } = await selfSignedCertificate("monitor.example");
  const pings: (string | undefined)[] = [];
  const monitor = createServer({ cert: certificate, key }, (request, answer) => {
    pings.push(request.url);
    answer.writeHead(request.url === "/refused" ? 404 : 200).end();
  });
  const host = await bridgeAddress();
  await new Promise<void>((resolve) => monitor.listen(0, host, resolve));
  try {
    const { port } = monitor.address() as AddressInfo;
    const ping = (name: string, path: string) =>
      inside(`
        here=/opt/berth STACK=office PING_URL=https://${name}:${port}${path}
        for part in notes journal repository ping; do . $here/$part.sh; done
        command() { return 1; }
        ping 2>&1`);
    await inside(`
      grep -q 'BEGIN CERTIFICATE' /opt/berth/ca-certificates.crt
      echo '${host} monitor.example other.example' >>/etc/hosts
      rm /etc/ssl/certs/ca-certificates.crt
      printf '%s' '${certificate}' >/opt/berth/ca-certificates.crt`);
    expect(await ping("monitor.example", "/ping/fail")).toBe("");
    expect(pings).toEqual(["/ping/fail"]);
    expect(await ping("monitor.example", "/refused")).toContain("failed. The answer is: HTTP/1.1 404");
    expect(await ping("other.example", "/ping")).toMatch(/failed\. .*(verify|hostname)/i);
    expect(pings).toEqual(["/ping/fail", "/refused"]);
  } finally {
    monitor.close();
  }
});
