#!/usr/bin/env bash
# Opens psql as the database's superuser, inside its container: psql.sh <stack>. Interactive at a terminal.
# SQL in BERTH_SQL, or else from standard input, ends at the first mistake; no command line ever has it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

# The image keeps both names in the container's environment. The root is read-only, so there is no place for a history.
# shellcheck disable=SC2016 # for the container's shell
readonly psql='exec psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set HISTFILE=/dev/null "$@"'

if [ -n "${BERTH_SQL:-}" ]; then
  on_server exec.sh postgres -i sh -c "$psql" psql --set ON_ERROR_STOP=1 --file - <<<"$BERTH_SQL"
elif [ -t 0 ] && [ -t 1 ]; then
  on_server --tty exec.sh postgres -it sh -c "$psql" psql
else
  on_server exec.sh postgres -i sh -c "$psql" psql --set ON_ERROR_STOP=1 --file -
fi
