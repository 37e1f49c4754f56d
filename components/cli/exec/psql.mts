import type { Place } from "../../remote/place.mts";
import { inContainer, isTerminal } from "./exec.mts";

/**
 * Connects over the container's local socket, which needs no password. New objects belong to the database's owner, like those
 * of the application; RESET ROLE restores the superuser. There is no history, because the root file system is read-only.
 */
const PSQL = `
  owner=$(psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -qAtXc "SELECT quote_ident(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()") || exit
  PGOPTIONS="-c role=$owner" exec psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" --set HISTFILE=/dev/null "$@"`;

/**
 * Opens psql as the owner of the database, or runs SQL from `sql` or standard input, which stops at the first error.
 * Returns psql's exit code.
 */
export function psql(place: Place, service: string, sql: string | undefined): Promise<number> {
  if (sql === undefined && isTerminal()) {
    return inContainer(place, service, ["sh", "-c", PSQL, "psql"], { terminal: true, program: "psql" });
  }
  const batch = ["sh", "-c", PSQL, "psql", "--set", "ON_ERROR_STOP=1", "--file", "-"];
  return inContainer(place, service, batch, {
    terminal: false,
    program: "psql",
    ...(sql !== undefined && { input: `${sql}\n` }),
  });
}
