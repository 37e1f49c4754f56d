# shellcheck shell=sh disable=SC2034,SC2154 # follows wal-archive.sh
# Base backups: copies of whole servers as pg_basebackup takes them, a day apart, straight into the repository. With the WAL since, any
# time after one can be restored.
readonly BASE_IS_DUE=86400

bases_due() { after base-failure 900 && [ -n "$(due_bases)" ]; }

due_bases() {
  for words in $DATABASES; do
    [ -z "$(read_note "chain-${words%%:*}")" ] || ! after "base-${words%%:*}" "$BASE_IS_DUE" || echo "$words"
  done
}

take_bases() {
  for words in $(due_bases); do
    # shellcheck disable=SC2046 # service, database, role
    take_base $(echo "$words" | tr : ' ') || {
      note base-failure "$(date +%s) $(last_error)"
      say "The base backup of ${words%%:*} failed: $(last_error)"
      return 1
    }
  done
  delete_note base-failure
  send_offsite
}

take_base() {
  began=$(date +%s) chain=$(read_note "chain-$1")
  remove_stale_locks local && size=$(database_size "$@" 2>/tmp/answer) && room_for "a base backup" "$size" 2>/tmp/answer || return 1
  # A spread checkpoint is gentle, but takes minutes; without a base backup, nothing can be restored.
  checkpoint=spread
  [ -n "$(read_note "base-$1")" ] || checkpoint=fast
  TZ=UTC in_repository local backup --json --quiet --host "$STACK" --tag "base,$chain" --stdin-filename "$1.tar" --stdin-from-command -- \
    pg_basebackup --host "$1" --username "$3" --no-password --pgdata - --format tar --wal-method none --checkpoint "$checkpoint" \
    >/tmp/summary 2>/tmp/answer || return 1
  id=$(sed -n 's/.*"snapshot_id":"\([0-9a-f]\{8\}\).*/\1/p' /tmp/summary)
  [ "$(read_note "chain-$1")" = "$chain" ] || { echo "The archive was interrupted meanwhile." >/tmp/answer && return 1; }
  note "base-$1" "$(date +%s) $id"
  delete_note "gap-$1"
  note unsent "$id"
  say "Base backup $id of $1 in $(($(date +%s) - began)) s."
}

# remove_old_archive local|offsite: removes what is not needed to restore a time within POINT_IN_TIME_DAYS; all of it once it is turned
# off. While the archive does not grow, everything is kept.
remove_old_archive() {
  if point_in_time; then
    for words in $DATABASES; do
      ! after "archived-${words%%:*}" "$BASE_IS_DUE" || return 0
    done
  elif [ -e "$wal" ]; then
    drop_received
  fi
  since=$(iso_of "$(($(date +%s) - ${POINT_IN_TIME_DAYS:-0} * 86400))" | tr ' ' T)
  outdated=$(in_repository "$1" snapshots --no-lock --json | archived_lines | outdated_lines "$since") || return 1
  # shellcheck disable=SC2086 # one id a word
  [ -z "$outdated" ] || in_repository "$1" forget --quiet $outdated >/dev/null
}
