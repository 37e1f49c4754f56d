#!/usr/bin/env bash
# Does what the documentation of the official image promises: creates the database at first start, then runs the server as user postgres.
set -euo pipefail

fail() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# setting NAME [default]: exports NAME from itself, from the file that NAME_FILE names, or from the default.
setting() {
  local name=$1 file_name="${1}_FILE" default=${2:-}
  local value=${!name:-} file=${!file_name:-}
  [ -z "$value" ] || [ -z "$file" ] || fail "both $name and $file_name are set (but are exclusive)"
  [ -z "$file" ] || value=$(<"$file")
  export "$name=${value:-$default}"
  unset "$file_name"
}

settings() {
  setting POSTGRES_PASSWORD
  setting POSTGRES_USER postgres
  setting POSTGRES_DB "$POSTGRES_USER"
  setting POSTGRES_INITDB_ARGS
  export POSTGRES_HOST_AUTH_METHOD=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
}

own_directories() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA" || true
  find "$PGDATA" ! -user postgres -exec chown postgres '{}' +
  find /var/run/postgresql ! -user postgres -exec chown postgres '{}' +
  chmod 3775 /var/run/postgresql || true
}

demand_password() {
  [ -n "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ] ||
    fail "database is uninitialized and superuser password is not specified: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
}

create_cluster() {
  # As in the official image, the arguments are shell words.
  eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
}

run_sql() {
  local database=$1
  shift
  psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" --dbname "$database" "$@"
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        printf '%s: running %s\n' "$0" "$file"
        # shellcheck disable=SC1090
        if [ -x "$file" ]; then "$file"; else . "$file"; fi
        ;;
      *.sql) printf '%s: running %s\n' "$0" "$file" && run_sql "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) printf '%s: running %s\n' "$0" "$file" && gunzip -c "$file" | run_sql "$POSTGRES_DB" ;;
      */\*) ;;
      *) printf '%s: ignoring %s\n' "$0" "$file" ;;
    esac
  done
}

# The server that the init files talk to listens on the socket only, so nobody takes it for the finished one.
first_start() {
  demand_password
  create_cluster
  export PGPASSWORD=$POSTGRES_PASSWORD
  shift
  pg_ctl -D "$PGDATA" -w -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" start
  [ "$POSTGRES_DB" = postgres ] ||
    printf 'CREATE DATABASE :"name";\n' | run_sql postgres --set name="$POSTGRES_DB"
  run_init_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

only_asks() {
  local argument
  for argument in "$@"; do
    case $argument in '-?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

case ${1:-postgres} in -*) set -- postgres "$@" ;; esac

if [ "${1:-}" = postgres ] && ! only_asks "$@"; then
  if [ "$(id -u)" -eq 0 ]; then
    own_directories
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
  fi
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true
  settings
  # This build's own default is /tmp; on the command line it also holds with a configuration file of the user's.
  set -- postgres -c unix_socket_directories=/var/run/postgresql "${@:2}"
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    first_start "$@"
  fi
fi
exec "$@"
