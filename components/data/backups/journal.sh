# shellcheck shell=sh disable=SC2034 # follows notes.sh
# Where the backups keep their journal, and their locks.
readonly journal=/srv/backups/journal in_memory=/tmp/journal

# Whether the stack has point-in-time recovery.
point_in_time() { [ -n "${POINT_IN_TIME_DAYS:-}" ]; }

# with_lock backups|drills FUNCTION…: runs it exclusively, and waits while another one runs.
with_lock() {
  open_locks "$1"
  flock -n 9 || {
    say "Waiting for the one in progress."
    flock 9
  }
  run_task "$@"
}

# try_with_lock backups|drills FUNCTION…: runs it exclusively, and skips it while another one runs.
try_with_lock() {
  open_locks "$1"
  ! flock -n 9 || run_task "$@"
}

# The lock in the volume applies to all containers of the stack. The lock in memory applies to this container, whose stop waits only for
# its own tasks.
open_locks() {
  exec 8>>"/tmp/$1.lock" 9>>"/srv/backups/$1.lock"
  flock -s 8
}

run_task() {
  touch "/tmp/$1.lock"
  shift
  "$@"
}

# Waits for all tasks of this container, scheduled or started by hand.
await_tasks() {
  for kind in backups drills; do
    (exec 8>>"/tmp/$kind.lock" && flock 8)
  done
}

# Prints the current tasks of this container in one line; fails if there are none.
under_way() {
  doing=""
  for kind in backups drills; do
    [ -e "/tmp/$kind.lock" ] || continue
    (exec 8>>"/tmp/$kind.lock" && flock -n 8) || doing="$doing, a ${kind%s} for $(ago "$(stat -c %Y "/tmp/$kind.lock")")"
  done
  [ -z "$doing" ] || echo "${doing#, }"
  [ -n "$doing" ]
}

# Reports success only if nothing else has failed.
ping_when_well() { [ -n "$(read_note failure)$(read_note offsite-failure)$(read_note drill-failure)" ] || ping; }
