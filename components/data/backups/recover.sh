# shellcheck shell=sh disable=SC2034,SC2154 # follows archived.sh and drill-databases.sh
# Recovers a server as it was at a time: a base backup, and WAL up to then, into a temporary server of the same version that listens on a
# socket file only. A restore takes its dump as a backup, so that it restores and exchanges it like any other.

place="" recovered=""

# recover FOLDER local|offsite TIME SERVICE: leaves it running, with the socket $recovered.
recover() {
  place=$1/$4 where=$2 time=$3 service=$4
  snapshots=$(archived "$where" | choose "$service" "$time")
  stop_recovered 2>/dev/null
  rm -rf "$place"
  # PostgreSQL does not run as root, and refuses a folder of somebody else.
  mkdir -p "$place" && chmod 711 "/work" "$1" && chmod 1777 "$place" || return 1
  as_postgres mkdir -m 700 "$place/data" "$place/wal" || return 1
  unpack_snapshots || return 1
  configure_recovery
  start_recovered "recovery_target_time = '$time+00'" || {
    # Nothing was committed after the time, and the archive has all until then (choose): the end of the WAL is that time.
    if ! grep -q 'recovery ended before configured recovery target was reached' "$place/log" || ! start_recovered ""; then
      tail -n 20 "$place/log"
      return 1
    fi
  }
  recovered=$place
}

unpack_snapshots() {
  # shellcheck disable=SC2086 # one id a word
  set -- $snapshots
  without_lock "$where" dump "$1" "/$service.tar" | as_postgres tar -x -f - -C "$place/data" || return 1
  [ -e "$place/data/backup_label" ] || { echo "The base backup $1 cannot be read." && return 1; }
  shift
  for id; do
    if [ "$id" = volume ]; then
      tar -c -f - -C "$wal/$service" .
    else
      without_lock "$where" dump "$id:/$service" / --archive tar
    fi | as_postgres tar -x -f - -C "$place/wal" || return 1
  done
  # Segments that pg_receivewal had not filled.
  find "$place/wal" -name '*.partial' | while read -r file; do
    [ -e "${file%.partial}" ] || mv "$file" "${file%.partial}"
  done
}

# A configuration of its own: that of the server names files, addresses and commands that do not concern the recovery.
configure_recovery() {
  preload=$(read_note "preload-$service")
  prepared=$(as_postgres pg_controldata "$place/data" | sed -n 's/^max_prepared_xacts setting: *//p')
  cat >"$place/fixed.conf" <<END
data_directory = '$place/data'
hba_file = '$place/hba.conf'
ident_file = '$place/ident.conf'
listen_addresses = ''
unix_socket_directories = '$place'
unix_socket_permissions = 0700
shared_buffers = 32MB
max_prepared_transactions = ${prepared:-0}
shared_preload_libraries = '$preload'
fsync = off
hot_standby = off
restore_command = 'cp "$place/wal/%f" "%p"'
recovery_target_action = promote
END
  echo 'local all all trust' >"$place/hba.conf"
  : >"$place/ident.conf"
  as_postgres "rm -f $place/data/postmaster.pid $place/data/standby.signal; : >$place/data/postgresql.auto.conf; : >$place/data/recovery.signal"
  chmod 644 "$place/fixed.conf" "$place/hba.conf" "$place/ident.conf"
}

# start_recovered SETTING
start_recovered() {
  { cat "$place/fixed.conf" && echo "$1"; } >"$place/recovery.conf"
  chmod 644 "$place/recovery.conf"
  as_postgres pg_ctl --pgdata "$place/data" --wait --silent --log "$place/log" --options "'-c config_file=$place/recovery.conf'" start >/dev/null 2>&1 ||
    return 1
  # It started, but accepts connections only at the end of the recovery, however long that takes. A failed recovery ends it.
  until PGHOST=$place PGUSER=postgres pg_isready --quiet; do
    as_postgres pg_ctl --pgdata "$place/data" status >/dev/null 2>&1 || return 1
    sleep 0.2
  done
}

stop_recovered() {
  [ ! -e "$place/data/postmaster.pid" ] || as_postgres pg_ctl --pgdata "$place/data" --silent --mode immediate stop || true
  recovered=""
}

# take_recovered local|offsite TIME: recovers all databases, and prints the id of a backup of them.
take_recovered() {
  recover_all "$@" >/tmp/recovery 2>&1 || {
    cat /tmp/recovery >&2
    remove_dumps
    echo "The time $2 UTC cannot be recovered." >&2
    return 1
  }
  id=$(cd /backup && TZ=UTC in_repository local backup --json --quiet --host "$STACK" --tag point-in-time --time "$(echo "$2" | tr T ' ')" databases |
    sed -n 's/.*"snapshot_id":"\([0-9a-f]\{8\}\).*/\1/p')
  remove_dumps
  [ -n "$id" ] && echo "$id"
}

recover_all() {
  remove_dumps
  : >/tmp/omitted
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    recover_and_dump "$1" "$2" $(echo "$words" | tr : ' ') || {
      stop_recovered
      rm -rf /work/recovery
      return 1
    }
    rm -rf /work/recovery
  done
}

recover_and_dump() {
  size=$(base_size "$1" "$2" "$3") && room_for "the recovery" "$size" && recover /work/recovery "$1" "$2" "$3" || return 1
  shift 2
  dump_database "$@" || return 1
  stop_recovered
}

# base_size local|offsite TIME SERVICE: KiB that the recovery needs: twice the base backup, for its WAL and the dump.
base_size() {
  snapshots=$(archived "$1" | choose "$3" "$2")
  [ -n "$snapshots" ] || { echo "The archive of $3 does not have the time $2 UTC." >&2 && return 1; }
  bytes=$(without_lock "$1" stats --json "${snapshots%% *}" | sed -n 's/.*"total_size":\([0-9]*\).*/\1/p')
  echo $((${bytes:-0} / 512))
}

# preview local|offsite TIME [SERVICE]: opens psql on the recovered server, and removes it afterwards.
preview() {
  words=$(for words in $DATABASES; do case $words in "${3:-${words%%:*}}":*) echo "$words" && break ;; esac; done)
  [ -n "$words" ] || { echo "There is no database $3 in the backups." >&2 && return 1; }
  service=${words%%:*} name=${words#*:}
  size=$(base_size "$1" "$2" "$service") && room_for "the recovery" "$size" || return 1
  place=/work/preview/$service
  trap 'stop_recovered; rm -rf /work/preview' EXIT
  trap 'exit 130' INT TERM HUP
  recover /work/preview "$1" "$2" "$service" >&2 || return 1
  say "$service as it was at $2 UTC. Changes are refused."
  # Ctrl-C ends a statement of psql, not this script.
  trap : INT
  PGHOST=$recovered PGUSER=${name#*:} PGDATABASE=${name%%:*} psql --no-psqlrc --set HISTFILE=/dev/null --set ON_ERROR_STOP=1
}
