/** Roles of a database: an owner that cannot sign in, and a login that acts as the owner. */
export interface Roles {
  /** The superuser that the image creates. It can sign in inside the container only. */
  superuser: string;
  /** Owns the database and all objects in it. */
  owner: string;
  /** Signs in over the network. */
  login: string;
  database: string;
}

/**
 * SQL for psql that creates or updates the roles. Idempotent.
 * Disables logging, as the server's log would show the password of a failed statement.
 */
export function makeRoles({ superuser, owner, login, database }: Roles, password: string): string {
  return `${UNLOGGED}
ALTER ROLE ${name(superuser)} PASSWORD NULL;
${ifMissing(owner, `CREATE ROLE ${name(owner)} NOLOGIN`)}
${ifMissing(login, `CREATE ROLE ${name(login)} LOGIN`)}
ALTER ROLE ${name(login)} PASSWORD ${text(password)};
GRANT ${name(owner)} TO ${name(login)};
ALTER ROLE ${name(login)} SET role = ${text(owner)};
ALTER DATABASE ${name(database)} OWNER TO ${name(owner)};
REVOKE ALL ON DATABASE ${name(database)}, postgres, template1 FROM PUBLIC;
-- The owner also owns objects that the superuser created, e.g. in a restore.
SELECT format('ALTER TABLE %s OWNER TO %I', oid::regclass, ${text(owner)}) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND relowner = ${text(superuser)}::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') \\gexec
`;
}

/** SQL for psql that creates extensions. Idempotent. */
export function makeExtensions(extensions: string[]): string {
  return extensions.map((extension) => `CREATE EXTENSION IF NOT EXISTS ${name(extension)};\n`).join("");
}

/**
 * SQL for psql that creates a login with read access to all data: to rows that policies hide (row-level security), to large objects, whose
 * own privileges `pg_read_all_data` does not override, and to the settings that a restored database needs. Idempotent.
 */
export function makeReader({ login, database }: Pick<Roles, "login" | "database">, password: string): string {
  return `${UNLOGGED}
${ifMissing(login, `CREATE ROLE ${name(login)} LOGIN`)}
ALTER ROLE ${name(login)} PASSWORD ${text(password)};
ALTER ROLE ${name(login)} LOGIN BYPASSRLS;
ALTER ROLE ${name(login)} SET lo_compat_privileges = on;
ALTER ROLE ${name(login)} SET default_transaction_read_only = on;
GRANT pg_read_all_data TO ${name(login)};
GRANT pg_read_all_settings TO ${name(login)};
GRANT CONNECT ON DATABASE ${name(database)} TO ${name(login)};
`;
}

/** SQL for psql that creates a login that can read the server's statistics, and no data. Idempotent. */
export function makeMonitor({ login, database }: Pick<Roles, "login" | "database">, password: string): string {
  return `${UNLOGGED}
${ifMissing(login, `CREATE ROLE ${name(login)} LOGIN`)}
ALTER ROLE ${name(login)} PASSWORD ${text(password)};
ALTER ROLE ${name(login)} SET default_transaction_read_only = on;
GRANT pg_monitor TO ${name(login)};
GRANT CONNECT ON DATABASE ${name(database)} TO ${name(login)};
`;
}

const UNLOGGED = `SET log_min_error_statement = panic;
SET log_statement = 'none';
SET client_min_messages = warning;`;

function ifMissing(role: string, statement: string): string {
  return `SELECT ${text(statement)} WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(role)}) \\gexec`;
}

/** Quotes an SQL identifier. */
function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Quotes an SQL string. A backslash has no special meaning. */
function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
