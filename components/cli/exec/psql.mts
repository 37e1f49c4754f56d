import type { Place } from "../../remote/place.mts";
import { inContainer, isTerminal } from "./exec.mts";

/**
 * Over the container's own socket nobody needs a password. What is made belongs to the database's owner, as with the application;
 * RESET ROLE gives all rights. The image keeps both names in the container's environment. Its root is read-only, so there is no
 * place for a history.
 */
const PSQL = `
  owner=$(psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -qAtXc "SELECT quote_ident(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()") || exit
  PGOPTIONS="-c role=$owner" exec psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" --set HISTFILE=/dev/null "$@"`;

/** Opens psql as the owner of the database, or runs SQL: the given one or what is piped in, up to the first error. Gives its exit code. */
export function psql(place: Place, service: string, sql: string | undefined): Promise<number> {
  if (sql === undefined && isTerminal()) {
    return inContainer(place, service, ["sh", "-c", PSQL, "psql"], { terminal: true });
  }
  const batch = ["sh", "-c", PSQL, "psql", "--set", "ON_ERROR_STOP=1", "--file", "-"];
  return inContainer(place, service, batch, { terminal: false, ...(sql !== undefined && { input: `${sql}\n` }) });
}
