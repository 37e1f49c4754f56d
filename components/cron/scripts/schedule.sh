# shellcheck shell=sh disable=SC2154 # follows cron.sh and notes.sh
# The schedule: which run is due, and who starts it. The container that holds the lock in the volume leads, so that during a release either
# the previous container or the new one starts runs.

# keep COMMAND…
keep() {
  require_programs "$1"
  stopping="" leading="" woken="" nap="" next=0
  trap 'stopping=yes; wake' TERM INT
  trap wake USR1
  echo "$$" >"$own/pid"
  [ -e "$journal/schedule.lock" ] || : >"$journal/schedule.lock"
  exec 9<"$journal/schedule.lock"
  touch "$own/ready"
  while [ -z "$stopping" ]; do
    start_requested "$@"
    if lead; then start_when_due "$@"; fi
    rest
  done
  # The container of the next release leads from here on, also while a run of this one continues.
  flock -u 9
  say "Stopped: no further run starts here."
  await_runs
  await_answers
}

require_programs() {
  for program in awk flock setsid mktemp "$1"; do
    command -v "$program" >/dev/null || {
      echo "The image has no program $program, which the scheduled job needs." >&2
      exit 1
    }
  done
}

wake() {
  woken=yes
  [ -z "$nap" ] || kill "$nap" 2>/dev/null || true
}

# Sleeps until the next run is due, at most 20 s, as the clock may be set; without the lead 1 s.
rest() {
  pause=1
  [ -z "$leading" ] || pause=$((next - $(date +%s)))
  [ "$pause" -le 20 ] || pause=20
  [ "$pause" -ge 1 ] || pause=1
  sleep "$pause" 9<&- &
  nap=$!
  [ -z "$woken" ] || kill "$nap" 2>/dev/null || true
  wait "$nap" || true
  nap="" woken=""
}

lead() {
  [ -z "$leading" ] || return 0
  flock -n 9 || return 1
  leading=yes
  record_interrupted
  now=$(date +%s) known="$CRON_SCHEDULE $CRON_TIME_ZONE"
  slot=$(read_note slot 0)
  # A changed schedule begins now. Runs of more than a month ago are not made up, and a clock that was ahead is no reason to wait.
  if [ "$(read_note schedule)" != "$known" ] || [ "$slot" -gt $((now + 3600)) ]; then
    slot=$now
    note schedule "$known"
    note slot "$slot"
  elif [ "$slot" -lt $((now - 2678400)) ]; then
    slot=$((now - 2678400))
  fi
  next=$(moment next "$slot")
  say "Runs at: $CRON_SCHEDULE ($CRON_TIME_ZONE)."
}

# start_when_due COMMAND…: starts one run for all moments that have passed.
start_when_due() {
  now=$(date +%s)
  [ "$next" -le "$now" ] || return 0
  slot=$(moment last "$slot" "$now")
  next=$(moment next "$slot")
  note slot "$slot"
  if [ $((now - slot)) -lt 120 ]; then
    start scheduled "" "$@"
  elif [ "$CRON_MISSED" = run ]; then
    start made-up "" "$@"
  else
    note missed "$slot"
    say "A run was missed $(ago "$slot") ago, and is not made up."
  fi
}

# moment next FROM, or moment last FROM TO: seconds since 1970.
moment() {
  awk -v mode="$1" -v from="$2" -v to="${3:-0}" -v schedule="$CRON_SCHEDULE" -f "$here/moments.awk" "$here/zone"
}

# Starts the runs that `cron.sh run` asks for, in a container that does not lead too.
start_requested() {
  for request in "$own"/request-*; do
    [ -e "$request" ] || continue
    rm "$request"
    start manual "$own/answer-${request##*-}" "$@"
  done
}

# Lets those who asked for a run read its exit code: the end of the container ends them.
await_answers() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    set -- "$own"/answer-*
    [ -e "$1" ] || return 0
    sleep 0.2
  done
}

# Asks the schedule's process for a run, so that its output is in the container's log and survives this caller.
request_run() {
  request=$(mktemp "$own/request-XXXXXX")
  answer=$own/answer-${request##*-}
  # Again until the request is taken: a shell misses a signal that arrives just before it begins to wait.
  until [ -e "$answer" ]; do
    [ ! -e "$request" ] || kill -USR1 "$(cat "$own/pid")"
    sleep 0.2
  done
  code=$(cat "$answer")
  rm "$answer"
  exit "$code"
}
