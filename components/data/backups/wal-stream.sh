# shellcheck shell=sh disable=SC2034,SC2154 # follows journal.sh and dump.sh; the files that follow use the variables
# Receives the write-ahead log (WAL) of each server as it is written, with pg_receivewal and a replication slot. WAL without a gap is a
# chain, e.g. postgres@1764200000. A server has one at a time (note chain-<service>); a lost slot or a new data directory begins another.
readonly wal=/srv/backups/wal wal_slot=berth_backups

# keep_stream SERVICE DATABASE ROLE: starts the receiver if it does not run, in a chain that the slot continues.
keep_stream() {
  [ ! -e "/tmp/stream-$1" ] || return 0
  ready_chain "$@" || return 1
  # It ends with the connection, and the next round starts it again.
  (
    pg_receivewal --host "$1" --username "$3" --no-password --slot "$wal_slot" --directory "$wal/$1" --synchronous --no-loop \
      >"/tmp/stream-$1.log" 2>&1 &
    echo $! >"/tmp/stream-$1"
    wait $! || true
    rm -f "/tmp/stream-$1"
  ) &
  # The file must exist before the next look.
  until [ -e "/tmp/stream-$1" ] || [ -s "/tmp/stream-$1.log" ]; do sleep 0.1; done
}

stop_stream() {
  receiver=$(cat "/tmp/stream-$1" 2>/dev/null) || return 0
  kill "$receiver" 2>/dev/null || true
  while [ -e "/tmp/stream-$1" ]; do sleep 0.1; done
}

ready_chain() {
  mkdir -p "$wal/$1"
  identity=$(identity_of "$1" "$3") && [ -n "$identity" ] && state=$(slot_state "$@") || return 1
  case $(read_note "identity-$1")/$state in
    "$identity"/reserved | "$identity"/extended | "$identity"/unreserved) ;;
    *) begin_chain "$@" || return 1 ;;
  esac
  note "preload-$1" "$(in_database "$@" 'SHOW shared_preload_libraries')"
}

# Prints the system identifier of a server's data, and its timeline.
identity_of() {
  psql --no-psqlrc --tuples-only --no-align --command IDENTIFY_SYSTEM "host=$1 user=$2 replication=true" | cut -d '|' -f 1,2
}

# Prints reserved, extended, unreserved or lost; nothing without a slot.
slot_state() { in_database "$@" "SELECT coalesce(wal_status, 'lost') FROM pg_replication_slots WHERE slot_name = '$wal_slot'"; }

begin_chain() {
  [ -z "$(read_note "chain-$1")" ] || interrupted "$1" "The database no longer has the WAL that follows the archive (slot: ${state:-missing})."
  end_chain "$1" || return 1
  [ -z "$state" ] || drop_slot "$1" "$3" || return 1
  pg_receivewal --host "$1" --username "$3" --no-password --slot "$wal_slot" --create-slot || return 1
  note "identity-$1" "$identity"
  note "chain-$1" "$1@$(date +%s)"
}

drop_slot() { pg_receivewal --host "$1" --username "$2" --no-password --slot "$wal_slot" --drop-slot; }

# interrupted SERVICE REASON: times between this moment and the next base backup cannot be restored.
interrupted() {
  told="The archive of $1 is interrupted. $2"
  note "gap-$1" "$(date +%s) $2"
}

# Keeps what the chain has, and removes it from the folder, as the next chain begins with an empty one.
end_chain() {
  if [ -n "$(read_note "chain-$1")" ] && [ -n "$(find "$wal/$1" -type f)" ]; then save_wal "$1" || return 1; fi
  find "$wal/$1" -type f -exec rm {} +
  for name in chain identity base received archived sent; do delete_note "$name-$1"; done
}

# Removes what was received before point-in-time recovery was turned off, unless the previous release's container still receives.
drop_received() {
  (exec 9>>/srv/backups/archive.lock && flock -n 9) || return 0
  rm -rf "$wal"
  delete_note archive-since
  for words in $DATABASES; do
    for name in chain identity base received archived sent kept gap no-room archive-failure; do delete_note "$name-${words%%:*}"; done
  done
}

# Prints the position up to which the server's WAL is on its disk, the MiB that it keeps for the archive, and its limit for them.
positions() {
  in_database "$@" "SELECT pg_current_wal_flush_lsn() || ' ' || coalesce(ceil(pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn) / 1048576), 0)
    || ' ' || (SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size') FROM pg_replication_slots WHERE slot_name = '$wal_slot'"
}

# Waits until the receiver has what the server had written at the time $moment, up to the position $position.
catch_up() {
  moment=$(date +%s)
  position=$(positions "$@") && [ -n "$position" ] || return 1
  note "kept-$1" "${position#* }"
  position=${position%% *}
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ "$(in_database "$@" "SELECT restart_lsn >= '$position' FROM pg_replication_slots WHERE slot_name = '$wal_slot'")" != t ] || {
      note "received-$1" "$moment"
      return 0
    }
    sleep 0.5
  done
  echo "The receiver is behind the database. $(tail -n 1 "/tmp/stream-$1.log" 2>/dev/null)" >&2
  return 1
}
