# shellcheck shell=sh disable=SC2154 # follows dump.sh
# Takes a backup: all databases and files in one snapshot, which is there when all of it is there, or not at all.

# take_backup KIND [name]
take_backup() {
  began=$(date +%s) slot=$(due_slot)
  if save "$@"; then
    good "$1"
    # Whatever becomes of the rest, the day has its backup.
    [ "$1" != scheduled ] || note slot "$slot"
    retain && send_offsite || return 1
    ping_when_well
  else
    failed_backup "The backup failed"
  fi
}

good() {
  forgotten failure
  note good "$(date +%s) $id"
  note unsent "$id"
  say "Backup $id ($1) in $(($(date +%s) - began)) s."
}

# take_first KIND [name]: somebody waits for it, so what else belongs to a backup comes later.
take_first() {
  began=$(date +%s)
  save "$@" || failed_backup "The backup failed" || return 1
  good "$*"
}

# before_release NAME MIGRATIONS: with other migrations than at the last release, and where there is anything to lose.
before_release() {
  forgotten pending
  # Only then it may have to wait.
  [ "$(noted migrations)" = "$2" ] || alone backups before_migrations "$@"
}

before_migrations() {
  ! any_table || take_first release "before-$1" || return 1
  note pending "$2"
}

# released [MIGRATIONS…]: a release came through, with jobs that carried these out. One that failed before it may be tried again, and
# then has its backup again.
released() {
  pending=$(noted pending)
  case " ${*:-$pending} " in *" $pending "*) [ -z "$pending" ] || note migrations "$pending" ;; esac
  forgotten pending
}

failed_backup() {
  note failure "$(date +%s) $(said)"
  say "$1: $(said)"
  ping /fail
  return 1
}

# The dumps first: every file their rows name was there already, and is in what follows. What is added meanwhile does no harm.
save() {
  unlocked local && room_for_dumps 2>/tmp/answer && dump_databases 2>/tmp/answer || return 1
  tags="--tag $1${2:+ --tag $2}"
  # What is in files/.berth-… is a restore's. A stack without files has no such folder.
  # shellcheck disable=SC2046,SC2086 # words
  (cd /backup && TZ=UTC in_repository local backup --json --quiet --host "$STACK" $tags --exclude '.berth-*' databases $([ ! -d files ] || echo files)) >/tmp/summary 2>/tmp/answer || return 1
  id=$(sed -n 's/.*"snapshot_id":"\([0-9a-f]\{8\}\).*/\1/p' /tmp/summary)
  remove_dumps
  [ -n "$id" ]
}

# A dump takes about the size of its database, and so does what is new in it.
room_for_dumps() {
  needed=0
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    size=$(database_size $(echo "$words" | tr : ' ')) || return 1
    needed=$((needed + size))
  done
  room_for "a backup" "$needed"
}

# room_for WHAT KIB: the database must never be short of disk because of its backup, so 512 MiB stay free.
room_for() {
  needed=$(($2 + 524288))
  free=$(df -Pk /srv/backups | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$needed" ] || {
    echo "Only $((free / 1024)) MiB are free on the disk, and $1 may take $((needed / 1024)) MiB." >&2
    return 1
  }
}

# Keeps so many days and months of the scheduled ones, and others for as many days. Only ever after a backup that is good.
retain() { retain_in local 2>/tmp/answer || failed_backup "Old backups could not be removed"; }

# retain_in local|offsite: but not while a drill reads them, as that takes no lock of restic's; then the next backup does it.
retain_in() { (exec 9>>/srv/backups/drills.lock && { ! flock -n 9 || remove_old "$1"; }); }

remove_old() {
  in_repository "$1" forget --quiet --group-by '' --tag scheduled --keep-daily "$KEEP_DAILY" --keep-monthly "$KEEP_MONTHLY" >/dev/null &&
    in_repository "$1" forget --quiet --group-by '' --tag manual --tag release --tag before-restore --keep-within "${KEEP_DAILY}d" >/dev/null &&
    in_repository "$1" prune --quiet >/dev/null
}
