# shellcheck shell=sh
# The schedule. A missed daily backup is taken as soon as the container runs again.

keep() {
  stopping="" nap=""
  trap 'stopping=yes; [ -z "$nap" ] || kill "$nap" 2>/dev/null || true' TERM INT
  prepare_repository
  [ -n "$(read_note since)" ] || note since "$(date +%s)"
  archiver=""
  ! point_in_time || start_archive
  touch /tmp/ready
  say "Keeping backups: daily at $BACKUP_TIME ($TZ)."
  while [ -z "$stopping" ]; do
    sleep 20 &
    nap=$!
    wait "$nap" || true
    nap=""
    # In a subshell, so that a failure does not end the loop. A stop waits for it.
    [ -n "$stopping" ] || (try_with_lock backups back_up_when_due) || true
    [ -n "$stopping" ] || (try_with_lock drills drill_when_due) || true
  done
  # A stop also waits for tasks started by hand.
  await_tasks
  # Last, so that WAL is archived until the next container can.
  [ -z "$archiver" ] || { kill "$archiver" 2>/dev/null && wait "$archiver"; } || true
}

back_up_when_due() {
  if [ "$(due_slot)" -gt "$(read_note slot 0)" ] && after failure 900; then
    take_backup scheduled
  elif point_in_time && [ -n "$(read_note good)" ] && bases_due; then
    take_bases
  elif [ -n "$OFFSITE" ] && [ -n "$(read_note unsent)" ] && after offsite-failure 3600; then
    send_offsite && ping_when_well
  elif [ -n "$(read_note other-passphrases)" ] && after other-passphrases 3600; then
    drop_passphrases
  fi
}

drill_when_due() {
  if [ -n "$(read_note good)" ] && after drill "$WEEK" && after drill-failure 86400; then drill; fi
}

readonly WEEK=604800

# after NAME SECONDS: succeeds if there is no such note, or if it is that old.
after() {
  then=$(read_note "$1" 0)
  [ "$(($(date +%s) - ${then%% *}))" -ge "$2" ]
}

# Prints the day whose backup is due, e.g. 20261121: today after BACKUP_TIME, else yesterday. Compares clock times only, so it is correct
# on days of 23 or 25 hours.
due_slot() {
  if [ "$(date +%H%M)" -ge "$BACKUP_TIME" ]; then date +%Y%m%d; else date -d "@$(($(date +%s) - 86400))" +%Y%m%d; fi
}
