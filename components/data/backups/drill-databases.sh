# shellcheck shell=sh disable=SC2154 # part of drill.sh
# Restores the dumps of a backup into a PostgreSQL server that listens on a socket file only, and compares their facts.sql.

compare_databases() {
  for words in $DATABASES; do
    service=${words%%:*}
    compare_database "$service" || { stop_server && return 1; }
    stop_server
  done
}

compare_database() {
  start_server || return 1
  # One file at a time: the tar program of this image cannot hold files of 8 GiB or more.
  for part in dump facts; do
    without_lock local dump "$drilled" "/databases/$1/$part" >"$stage/server/$part" || return 1
  done
  chmod 644 "$stage/server/dump"
  # Extensions too, as the superuser of this server owns everything.
  in_server pg_restore --exit-on-error --no-owner --no-privileges --dbname drill "$stage/server/dump" || return 1
  in_server psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname drill --file "$here/facts.sql" >"$stage/facts" || return 1
  diff "$stage/server/facts" "$stage/facts" >/tmp/difference || {
    echo "The restored database $1 differs from the dumped one (< dumped, > restored):"
    sed 's/^/  /' /tmp/difference
    return 1
  }
  awk -F '|' -v name="$1" '/^rows/ { tables++; rows += $2 } /^migrations/ { migrations += $2 }
    END { printf "%s: %d rows in %d tables, %d migrations\n", name, rows, tables, migrations }' "$stage/facts"
}

# Trusts every client, as no network reaches it.
start_server() {
  rm -rf "$stage/server"
  mkdir -p "$stage/server" && chmod 711 /work "$stage" && chmod 1777 "$stage/server" || return 1
  as_postgres initdb --username postgres --auth trust --encoding UTF8 --pgdata "$stage/server/data" >/dev/null || return 1
  as_postgres pg_ctl --pgdata "$stage/server/data" --wait --silent --log "$stage/server/log" \
    --options "'-c listen_addresses= -c unix_socket_directories=$stage/server -c fsync=off -c shared_buffers=32MB'" start || {
    cat "$stage/server/log"
    return 1
  }
  in_server createdb --template template0 drill
}

stop_server() { as_postgres pg_ctl --pgdata "$stage/server/data" --silent --mode immediate stop || true; }

in_server() { PGHOST=$stage/server PGUSER=postgres "$@"; }

# PostgreSQL refuses to run as root. The official images have gosu, and not all of them su.
as_postgres() {
  line="umask 077; cd /; PATH=$PATH $*"
  if command -v gosu >/dev/null; then gosu postgres sh -c "$line"; else su -s /bin/sh -c "$line" postgres; fi
}
