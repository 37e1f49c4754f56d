#!/usr/bin/env bash
# Opens psql inside the database's container, acting as the owner of the database: psql.sh <stack>. Interactive at a terminal.
# Elsewhere, SQL in BERTH_SQL or else from standard input ends at the first mistake; no command line ever has it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

# Over the container's own socket nobody needs a password. What is made belongs to the owner, as with the application;
# RESET ROLE gives all rights. The image keeps both names in the container's environment. Its root is read-only, so there
# is no place for a history.
# shellcheck disable=SC2016 # for the container's shell
readonly psql='
  owner=$(psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -qAtXc "SELECT quote_ident(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()") || exit
  PGOPTIONS="-c role=$owner" exec psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" --set HISTFILE=/dev/null "$@"'
in_batch=(sh -c "$psql" psql --set ON_ERROR_STOP=1 --file -)

if [ -n "${BERTH_SQL:-}" ]; then
  on_server exec.sh postgres -i "${in_batch[@]}" <<<"$BERTH_SQL"
elif [ -t 0 ] && [ -t 1 ]; then
  on_server --tty exec.sh postgres -it sh -c "$psql" psql
else
  on_server exec.sh postgres -i "${in_batch[@]}"
fi
