# shellcheck shell=sh disable=SC2154 # follows cron.sh and notes.sh
# A run. Its file in the volume, run-…, is locked as long as it lasts, so a run whose container was killed is known by its file without lock.

# start KIND ANSWER COMMAND…: KIND is scheduled, made-up or manual; the exit code is written to the file ANSWER, if there is one.
start() {
  # The lock for await_runs: this container's runs, and those that wait for their turn, inherit it.
  exec 6<>"$own/runs.lock"
  flock -s 6
  (run "$@") 9<&- &
  exec 6<&-
}

run() {
  kind=$1 answer=$2 code=75
  shift 2
  if take_turn; then
    execute "$@"
    # Before its record, which waits for the turn of a run that replaces this one.
    rm -f "$file" "$file".*
    exec 8<&-
    record "$began" "$ended" "$code" "$kind" "$ending"
  fi
  [ -z "$answer" ] || { echo "$code" >"$answer.new" && mv "$answer.new" "$answer"; }
}

# Makes the run's file, unless another run prevents it. One at a time, in all containers of the job.
take_turn() {
  lock_turn
  if [ "$CRON_OVERLAP" = forbid ] && running >/dev/null; then
    say "The run is skipped: $(running)."
    note skipped "$(date +%s)"
    exec 7<&-
    return 1
  fi
  [ "$CRON_OVERLAP" != replace ] || replace_others
  began=$(date +%s)
  file=$(mktemp "$journal/run-XXXXXX")
  chmod 644 "$file"
  exec 8<"$file"
  flock 8
  echo "$began $kind" >"$file"
  exec 7<&-
}

lock_turn() {
  [ -e "$journal/turn.lock" ] || : >"$journal/turn.lock"
  exec 7<"$journal/turn.lock"
  flock 7
}

# Every run looks for its file .stop, in whichever container it is.
replace_others() {
  while running >/dev/null; do
    for other in "$journal"/run-??????; do ! is_running "$other" || touch "$other.stop"; done
    sleep 0.5
  done
  # A run may have ended just before it was asked to.
  rm -f "$journal"/run-??????.stop
}

# Ends with its processes, after CRON_TIMEOUT seconds at the latest.
execute() {
  say "A run begins ($kind)."
  setsid "$@" 6<&- 7<&- 8<&- </dev/null &
  child=$!
  watch 6<&- 7<&- 8<&- &
  watcher=$!
  code=0
  wait "$child" || code=$?
  kill "$watcher" 2>/dev/null || true
  kill -KILL "-$child" 2>/dev/null || true
  ended=$(date +%s)
  if [ -e "$file.end" ]; then ending=$(cat "$file.end"); elif [ "$code" = 0 ]; then ending=succeeded; else ending=failed; fi
  say "The run $(describe "$ending" "$code") after $((ended - began)) s."
}

watch() {
  until [ -e "$file.stop" ] || [ "$(date +%s)" -ge $((began + CRON_TIMEOUT)) ]; do sleep 1; done
  if [ -e "$file.stop" ]; then echo replaced >"$file.end"; else echo timed-out >"$file.end"; fi
  kill -TERM "-$child" 2>/dev/null || true
  sleep 10
  kill -KILL "-$child" 2>/dev/null || true
}

# record BEGAN ENDED CODE KIND ENDING: the result stays in the volume, over releases and reboots.
record() {
  lock_turn
  note last "$*"
  [ "$5" != succeeded ] || note good "$2"
  exec 7<&-
}

# Runs of a container that was killed, or of a server that lost its power. They are not repeated, as nobody knows how far they came.
record_interrupted() {
  lock_turn
  for left in "$journal"/run-??????; do
    if [ ! -e "$left" ] || is_running "$left"; then continue; fi
    read -r since kind <"$left" || true
    note last "${since:-0} $(date +%s) 137 ${kind:-scheduled} interrupted"
    say "A run was interrupted: its container or the server stopped."
    rm -f "$left" "$left".*
  done
  exec 7<&-
}

# Prints the runs of all containers in one line; fails if there are none.
running() {
  list=""
  for one in "$journal"/run-??????; do
    is_running "$one" || continue
    read -r since kind <"$one" || continue
    list="$list, a run ($kind) since $(ago "$since")"
  done
  [ -n "$list" ] && echo "${list#, }"
}

# Never `flock "$1"`, which makes the file of a run anew that has just ended and removed it: that would be an interrupted run.
is_running() { (exec 5<"$1" && ! flock -n 5) 2>/dev/null; }

# Waits for the runs of this container.
await_runs() { (exec 6<>"$own/runs.lock" && flock 6); }

under_way() {
  [ -e "$own/runs.lock" ] && ! flock -n "$own/runs.lock" true && running
}

# describe ENDING CODE
describe() {
  case $1 in
    failed) echo "failed with exit code $2" ;;
    timed-out) echo "was stopped, because it took longer than $CRON_TIMEOUT s," ;;
    replaced) echo "was replaced by the next one" ;;
    interrupted) echo "was interrupted, because its container or the server stopped," ;;
    *) echo "$1" ;;
  esac
}
