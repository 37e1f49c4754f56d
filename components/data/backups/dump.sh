# shellcheck shell=sh disable=SC2154 # follows backups.sh
# Dumps every database, with its facts at the same moment (facts.sql, objects.sql) and what pg_dump leaves out (database.sql).
readonly dumps=/backup/databases
export PGPASSFILE=/run/secrets/pgpass PGCONNECT_TIMEOUT=10

dump_databases() {
  remove_dumps
  : >/tmp/omitted
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    dump_database $(echo "$words" | tr : ' ') || return 1
  done
}

any_table() {
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    [ "$(in_database $(echo "$words" | tr : ' ') "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")" = 0 ] || return 0
  done
  return 1
}

# in_database SERVICE DATABASE ROLE SQL
in_database() { PGHOST=$1 PGDATABASE=$2 PGUSER=$3 psql --no-psqlrc --quiet --tuples-only --no-align --command "$4"; }

# Twice the size in KiB: for the dump, and for new data in the repository.
database_size() { in_database "$@" 'SELECT pg_database_size(current_database()) / 512'; }

# Keeps the folder, which is the mount point of a volume.
remove_dumps() { find "$dumps" -mindepth 1 -maxdepth 1 -exec rm -rf {} +; }

# $recovered is the socket of a server that recovered a point in time; none in a backup.
dump_database() {
  mkdir -p "$dumps/$1/about"
  # In one transaction, so that dump and facts are consistent.
  PGHOST=${recovered:-$1} PGDATABASE=$2 PGUSER=$3 FOLDER=$dumps/$1 TZ=UTC psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set folder="$dumps/$1" --file "$here/dump.sql" || return 1
  [ -e "$dumps/$1/complete" ] || { echo "The database $2 of $1 could not be dumped." >&2 && return 1; }
  rm "$dumps/$1/complete"
  cat "$dumps/$1/about/omitted" >>/tmp/omitted
}
