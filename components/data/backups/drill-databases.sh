# shellcheck shell=sh disable=SC2034,SC2154 # part of drill.sh; restore-database.sh uses the variables
# Restores the dumps of a backup into a PostgreSQL server that listens on a socket file only, in the same way as a restore
# (restore-database.sh), and compares them with what was dumped.
readonly work="$stage/work" model=postgres

compare_databases() {
  for words in $DATABASES; do
    service=${words%%:*} name=${words#*:}
    compare_database "${name%%:*}_restoring" || { stop_server && return 1; }
    stop_server
  done
}

compare_database() {
  rm -rf "$work"
  mkdir -p "$work" || return 1
  read_about && start_server && restore_into "$1" || return 1
  awk -F '|' -v name="$service" '/^rows/ { tables++; rows += $2 } /^migrations/ { migrations += $2 }
    END { printf "%s: %d rows in %d tables, %d migrations\n", name, rows, tables, migrations }' "$work/restored-facts"
}

list_parts() { without_lock local ls --quiet "$drilled" "/databases/$service"; }

read_part() {
  case $1 in
    */) without_lock local dump "$drilled:/databases/$service/${1%/}" / --archive tar ;;
    *) without_lock local dump "$drilled" "/databases/$service/$1" ;;
  esac
}

read_query() { cat "$here/$1"; }

# Trusts every client, as no network reaches it.
start_server() {
  preload=$(cat "$work/about/preload" 2>/dev/null || true)
  rm -rf "$stage/server"
  mkdir -p "$stage/server" && chmod 711 /work "$stage" && chmod 1777 "$stage/server" || return 1
  as_postgres initdb --username postgres --auth trust --encoding UTF8 --pgdata "$stage/server/data" >/dev/null || return 1
  printf "shared_preload_libraries = '%s'\n" "$preload" >>"$stage/server/data/postgresql.conf"
  as_postgres pg_ctl --pgdata "$stage/server/data" --wait --silent --log "$stage/server/log" \
    --options "'-c listen_addresses= -c unix_socket_directories=$stage/server -c fsync=off -c shared_buffers=32MB'" start || {
    cat "$stage/server/log"
    return 1
  }
}

stop_server() { as_postgres pg_ctl --pgdata "$stage/server/data" --silent --mode immediate stop || true; }

in_server() { PGHOST=$stage/server PGUSER=postgres "$@"; }

# PostgreSQL refuses to run as root. The official images have gosu, and not all of them su.
as_postgres() {
  line="umask 077; cd /; PATH=$PATH $*"
  if command -v gosu >/dev/null; then gosu postgres sh -c "$line"; else su -s /bin/sh -c "$line" postgres; fi
}
