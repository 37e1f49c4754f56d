# shellcheck shell=sh
# The journal: small files in the volume of the backups, written atomically, which survive the container. If the disk is full, they are
# written to memory, so that the failure is still reported.
readonly journal=/srv/backups/journal in_memory=/tmp/journal

# note NAME TEXT
note() {
  if write_note "$journal" "$@" 2>/dev/null; then rm -f "$in_memory/$1"; else write_note "$in_memory" "$@"; fi
}

write_note() { mkdir -p "$1" && printf '%s\n' "$3" >"$1/$2.new" && mv "$1/$2.new" "$1/$2"; }

# read_note NAME [default]
read_note() { cat "$in_memory/$1" 2>/dev/null || cat "$journal/$1" 2>/dev/null || printf '%s\n' "${2-}"; }

delete_note() { rm -f "$in_memory/$1" "$journal/$1"; }

# Logs to standard error, as standard output is for results.
say() { printf '%s %s\n' "$(date '+%F %T %Z')" "$*" >&2; }

# ago SECONDS-SINCE-1970: 5 min, 3 h, 12 days.
ago() {
  elapsed=$(($(date +%s) - $1))
  if [ "$elapsed" -lt 120 ]; then
    echo "$elapsed s"
  elif [ "$elapsed" -lt 7200 ]; then
    echo "$((elapsed / 60)) min"
  elif [ "$elapsed" -lt 172800 ]; then
    echo "$((elapsed / 3600)) h"
  else
    echo "$((elapsed / 86400)) days"
  fi
}

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
