# shellcheck shell=sh
# What is remembered beyond the container: small files in the volume of the backups, each written in one step. When the disk is
# full, they go into memory, or nobody would be told of it.
readonly journal=/srv/backups/journal in_memory=/tmp/journal

# note NAME TEXT
note() {
  if write_note "$journal" "$@" 2>/dev/null; then rm -f "$in_memory/$1"; else write_note "$in_memory" "$@"; fi
}

write_note() { mkdir -p "$1" && printf '%s\n' "$3" >"$1/$2.new" && mv "$1/$2.new" "$1/$2"; }

# noted NAME [otherwise]
noted() { cat "$in_memory/$1" 2>/dev/null || cat "$journal/$1" 2>/dev/null || printf '%s\n' "${2-}"; }

forgotten() { rm -f "$in_memory/$1" "$journal/$1"; }

# A line of the log, and nothing on standard output, which is for answers.
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

# alone backups|drills FUNCTION…: runs it while no other of its kind does; waits for its turn.
alone() {
  open_locks "$1"
  flock -n 9 || {
    say "Waiting for one that is under way."
    flock 9
  }
  begun "$@"
}

# The same, but not at all when there is one.
if_alone() {
  open_locks "$1"
  ! flock -n 9 || begun "$@"
}

# The lock in the volume is for all containers of the stack. The one in memory is this container's, whose end waits for its own work only.
open_locks() {
  exec 8>>"/tmp/$1.lock" 9>>"/srv/backups/$1.lock"
  flock -s 8
}

begun() {
  touch "/tmp/$1.lock"
  shift
  "$@"
}

# Waits for whatever this container does, asked for by the schedule or by hand.
all_done() {
  for kind in backups drills; do
    (exec 8>>"/tmp/$kind.lock" && flock 8)
  done
}

# What this container does just now, in a line; fails when that is nothing.
under_way() {
  doing=""
  for kind in backups drills; do
    [ -e "/tmp/$kind.lock" ] || continue
    (exec 8>>"/tmp/$kind.lock" && flock -n 8) || doing="$doing, a ${kind%s} for $(ago "$(stat -c %Y "/tmp/$kind.lock")")"
  done
  [ -z "$doing" ] || echo "${doing#, }"
  [ -n "$doing" ]
}

# Tells the monitoring service, when there is one, by the convention of healthchecks.io: the address on success, /fail after a failure.
# ping [/fail]
ping() {
  [ -n "$PING_URL" ] || return 0
  wget -q -T 20 -O /dev/null "$PING_URL${1-}" || say "The ping to $PING_URL${1-} failed."
}

# Success is told only while nothing else has failed.
ping_when_well() { [ -n "$(noted failure)$(noted offsite-failure)$(noted drill-failure)" ] || ping; }
