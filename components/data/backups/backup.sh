# shellcheck shell=sh disable=SC2154 # follows dump.sh
# Takes a backup: all databases and files in one snapshot, which is complete or does not exist.

# take_backup KIND [name]
take_backup() {
  began=$(date +%s) slot=$(due_slot)
  if save "$@"; then
    record_success "$1"
    # The scheduled backup counts even if retention or the off-site copy fails.
    [ "$1" != scheduled ] || note slot "$slot"
    retain && send_offsite || return 1
    ping_when_well
  else
    record_failure "The backup failed"
  fi
}

record_success() {
  delete_note failure
  note good "$(date +%s) $id"
  note unsent "$id"
  say "Backup $id ($1) in $(($(date +%s) - began)) s."
  if [ -s /tmp/omitted ]; then
    sed 's/^/  Not in it: /' /tmp/omitted >&2
    note omitted "$(cat /tmp/omitted)"
  else
    delete_note omitted
  fi
}

# take_first KIND [name]: without retention and off-site copy, as a caller waits for it.
take_first() {
  began=$(date +%s)
  save "$@" || record_failure "The backup failed" || return 1
  record_success "$*"
}

# before_release NAME MIGRATIONS: only if the migrations differ from the last release's, and if the databases have tables.
before_release() {
  delete_note pending
  # Waits for other backups only if it takes one.
  [ "$(read_note migrations)" = "$2" ] || with_lock backups before_migrations "$@"
}

before_migrations() {
  ! any_table || take_first release "before-$1" || return 1
  note pending "$2"
}

# released [MIGRATIONS…]: a release completed, and its jobs ran these migrations. A failed release gets another backup when it is retried.
released() {
  pending=$(read_note pending)
  case " ${*:-$pending} " in *" $pending "*) [ -z "$pending" ] || note migrations "$pending" ;; esac
  delete_note pending
}

record_failure() {
  note failure "$(date +%s) $(last_error)"
  say "$1: $(last_error)"
  ping /fail
  return 1
}

# Dumps the databases first: the files that their rows refer to already exist, so the snapshot contains them.
save() {
  remove_stale_locks local && remove_incomplete && room_for_dumps 2>/tmp/answer && dump_databases 2>/tmp/answer || return 1
  tags="--tag $1${2:+ --tag $2}" status=0
  # Excludes .berth-* folders, which belong to a restore. A stack without files has no folder files.
  # shellcheck disable=SC2046,SC2086 # several words
  (cd /backup && TZ=UTC in_repository local backup --json --quiet --host "$STACK" $tags --exclude '.berth-*' databases $([ ! -d files ] || echo files)) >/tmp/summary 2>/tmp/answer || status=$?
  id=$(sed -n 's/.*"snapshot_id":"\([0-9a-f]\{8\}\).*/\1/p' /tmp/summary)
  remove_dumps
  [ -n "$id" ] || return 1
  [ "$status" = 0 ] || only_vanished || {
    note incomplete "$id"
    remove_incomplete 2>>/tmp/answer
    return 1
  }
}

# Judges by restic's messages a snapshot that lacks something (exit code 3). A file that an application deleted while it was read is no
# loss. Any other file that cannot be read makes the snapshot useless.
only_vanished() {
  [ "$status" = 3 ] || return 1
  sed -n 's/.*"error":{"message":"\(.*\)"},"during":"archival".*/\1/p' /tmp/answer >/tmp/unread
  if [ -s /tmp/unread ] && ! grep -qv 'no such file or directory$' /tmp/unread && ! grep -qv '^{' /tmp/answer; then
    say "Files that were deleted while they were read, and are not in this backup: $(grep -c . /tmp/unread)."
    return 0
  fi
  unread=$(grep -v 'no such file or directory$' /tmp/unread || grep -v '^{' /tmp/answer) || unread=$(cat /tmp/answer)
  printf '%s\n' "$unread" | head -n 1 >/tmp/answer
  echo "It cannot be read, so the snapshot is incomplete and is removed." >>/tmp/answer
  return 1
}

# Removes a snapshot that is known to be incomplete. Until then, no other backup is taken, and none removed.
remove_incomplete() {
  left=$(read_note incomplete)
  [ -z "$left" ] || in_repository local forget --quiet "$left" >/dev/null || return 1
  delete_note incomplete
}

# Needs about twice the size of a database: for its dump, and for new data in the repository.
room_for_dumps() {
  needed=0
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    size=$(database_size $(echo "$words" | tr : ' ')) || return 1
    needed=$((needed + size))
  done
  room_for "a backup" "$needed"
}

# room_for TASK KIB: fails if the task could leave less than 512 MiB for the database.
room_for() {
  needed=$(($2 + 524288))
  free=$(df -Pk /srv/backups | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$needed" ] || {
    echo "Only $((free / 1024)) MiB are free on the disk, and $1 may need $((needed / 1024)) MiB." >&2
    return 1
  }
}

# Keeps KEEP_DAILY and KEEP_MONTHLY scheduled backups, and others for KEEP_DAILY days. Runs only after a good backup.
retain() { retain_in local 2>/tmp/answer || record_failure "Old backups could not be removed"; }

# retain_in local|offsite: skipped while a drill reads the repository, which takes no restic lock. The next backup catches up.
retain_in() { (exec 9>>/srv/backups/drills.lock && { ! flock -n 9 || remove_old "$1"; }); }

remove_old() {
  in_repository "$1" forget --quiet --group-by '' --tag scheduled --keep-daily "$KEEP_DAILY" --keep-monthly "$KEEP_MONTHLY" >/dev/null &&
    in_repository "$1" forget --quiet --group-by '' --tag manual --tag release --tag before-restore --tag point-in-time --keep-within "${KEEP_DAILY}d" >/dev/null &&
    remove_old_archive "$1" &&
    in_repository "$1" prune --quiet >/dev/null
}
