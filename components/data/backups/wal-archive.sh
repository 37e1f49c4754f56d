# shellcheck shell=sh disable=SC2034,SC2154 # follows wal-stream.sh and offsite.sh
# Archives the received WAL. Off-site, a snapshot each round has the folder as it is (tag wal-open), so that the loss of the server costs
# less than a minute. When the folder has 64 full segments (1 GiB), a snapshot in both repositories (tag wal) replaces them.
readonly SEGMENTS=64 ROUND=15 ROOM_TO_STOP=1048576 ROOM_TO_START=2097152

# Runs beside the schedule. The lock makes a new container wait until the previous one stops receiving.
archive() {
  trap 'stop_archive; exit 0' TERM INT
  for words in $DATABASES; do rm -f "/tmp/stream-${words%%:*}"; done
  mkdir -p "$wal"
  while :; do
    for words in $DATABASES; do
      # shellcheck disable=SC2046 # service, database, role
      archive_server $(echo "$words" | tr : ' ')
    done
    interruptible sleep "$ROUND" || true
  done
}

start_archive() {
  [ -n "$(read_note archive-since)" ] || note archive-since "$(date +%s)"
  (
    exec 9>>/srv/backups/archive.lock
    # A lock that a stop interrupts.
    trap 'exit 0' TERM INT
    until flock -n 9; do interruptible sleep 1 || true; done
    archive
  ) &
  archiver=$!
}

stop_archive() {
  [ -z "$step" ] || kill "$step" 2>/dev/null || true
  for words in $DATABASES; do stop_stream "${words%%:*}"; done
}

# Runs a program that a stop interrupts.
interruptible() {
  "$@" 9>&- &
  step=$!
  status=0
  wait "$step" || status=$?
  step=""
  return "$status"
}
step=""

archive_server() {
  told="" failed=""
  archive_round "$@" 2>"/tmp/archive-$1" || failed=yes
  [ -z "$told" ] || say "$told"
  if [ -z "$failed" ]; then
    delete_note "archive-failure-$1"
  else
    reason=$(grep -v '^$' "/tmp/archive-$1" | tail -n 2 | paste -s -d ' ' - | cut -c 1-300)
    [ -n "$(read_note "archive-failure-$1")" ] || say "The archive of $1 failed: $reason"
    note "archive-failure-$1" "$(date +%s) $reason"
  fi
}

archive_round() {
  has_room "$@" || return 1
  keep_stream "$@" && catch_up "$@" || return 1
  ! probes || write_probe "$@"
  close_wal "$1" || return 1
  if [ -n "$OFFSITE" ]; then send_wal "$1" || return 1; fi
  note "archived-$1" "$moment"
}

# The archive must not fill the database's disk: without room, it ends, and the database keeps no WAL for it.
has_room() {
  free=$(df -Pk /srv/backups | awk 'NR == 2 { print $4 }')
  needed=$ROOM_TO_START
  [ ! -e "/tmp/stream-$1" ] || needed=$ROOM_TO_STOP
  if [ "$free" -ge "$needed" ]; then delete_note "no-room-$1" && return 0; fi
  [ -n "$(read_note "no-room-$1")" ] || [ -z "$(read_note "chain-$1")" ] || {
    stop_stream "$1"
    drop_slot "$1" "$3" || true
    interrupted "$1" "Only $((free / 1024)) MiB are free on the disk."
    note "no-room-$1" "$(date +%s)"
  }
  echo "Only $((free / 1024)) MiB are free on the disk, and the archive needs $((needed / 1024)) MiB." >&2
  return 1
}

close_wal() {
  [ "$(full_segments "$1" | wc -l)" -ge "$SEGMENTS" ] || return 0
  save_wal "$1" || return 1
  # The newest stays, as pg_receivewal continues after it.
  full_segments "$1" | sed '$d' | while read -r file; do rm "$file"; done
  delete_note "sent-$1"
}

# Prints the full segments of a server, oldest first.
full_segments() { find "$wal/$1" -type f -name '????????????????????????' | sort; }

# Takes a snapshot of a server's folder into the local repository.
save_wal() {
  (
    cd "$wal"
    TZ=UTC in_repository local backup --quiet --host "$STACK" --tag "wal,$(read_note "chain-$1")" --time "$(iso_of "$(read_note "received-$1" "$(date +%s)")")" "$1" >/dev/null
  ) || return 1
  [ -z "$OFFSITE" ] || note wal-unsent "$(date +%s)"
}

# iso_of SECONDS: time in UTC as restic reads it.
iso_of() { TZ=UTC date -d "@$1" '+%Y-%m-%d %H:%M:%S'; }

send_wal() {
  [ "$(read_note "sent-$1")" != "$(read_note "chain-$1") $position" ] || return 0
  owns_offsite || return 1
  [ -z "$(read_note wal-unsent)" ] || send_closed || return 1
  # shellcheck disable=SC2016 # for the inner shell
  interruptible env TZ=UTC sh -c 'cd "$0" && exec "$@"' "$wal" timeout 600 restic --repo "$OFFSITE" --retry-lock 5m backup --quiet \
    --host "$STACK" --group-by host,tags --tag "wal-open,$(read_note "chain-$1")" --time "$(iso_of "$moment")" "$1" >/dev/null || return 1
  note "sent-$1" "$(read_note "chain-$1") $position"
  sent=$((sent + 1))
  [ $((sent % 40)) != 0 ] || forget_open "$1" || true
}

send_closed() {
  interruptible timeout 3600 restic --repo "$OFFSITE" --retry-lock 5m copy --quiet --tag wal --from-repo "$local_repository" \
    --from-password-file "$RESTIC_PASSWORD_FILE" >/dev/null || return 1
  delete_note wal-unsent
}

# A new server does not write to the backups of an earlier one (offsite.sh). Asks once, as the address is that of the container.
owns_offsite() {
  [ -z "$owned" ] || return 0
  id=$(query offsite cat config | sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p')
  if [ -z "$id" ] || [ "$id" != "$(read_note offsite-id)" ]; then
    echo "The off-site repository is not that of this stack yet. The first backup creates it." >&2
    return 1
  fi
  owned=yes
}
owned="" sent=0

# Each snapshot of the folder has what the previous ones have. Tries once: a lock of a longer task must not delay the archive.
forget_open() {
  older=$(query offsite snapshots --json --tag "wal-open,$(read_note "chain-$1")" | archived_lines | sort -k 3 | sed '$d' | cut -d ' ' -f 6)
  # shellcheck disable=SC2086 # one id a word
  [ -z "$older" ] || interruptible timeout 60 restic --repo "$OFFSITE" forget --quiet $older >/dev/null
}
