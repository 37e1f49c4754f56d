# shellcheck shell=sh disable=SC2154 # step.ts sets $marker
# Runs a command line for Pulumi's command plugin on this machine, within two limits of that plugin: it waits forever after a line of
# 64 KiB, and it ends only its own child process on Ctrl-C, then waits until nobody holds its output open.
# Standard output is for people: where BERTH_NOTES names a folder, `berth` prints the output of successful steps from there at the end.
# Argument: 1 = command line.
step() {
  exec 3<&0
  with_short_lines "$1" <&3 3<&- &
  work=$!
  # A killed shell runs no trap, so another process watches it and the plugin.
  (while kill -0 $$ && kill -0 "$PPID"; do sleep 1; done; end_tree "$work") >/dev/null 2>&1 </dev/null 3<&- &
  watcher=$!
  wait "$work"
  status=$?
  kill "$watcher"
  exit "$status"
}

# Passes both outputs on through limit_lines, and returns the exit code of the command line.
with_short_lines() {
  note=/dev/null
  [ ! -d "${BERTH_NOTES:-}" ] || note=$BERTH_NOTES/$$
  exec 4>&1 5>&2
  status=$({
    {
      { (eval "$1") 4>&- 5>&- 6>&- 7>&-; echo $? >&7; } 2>&6 | limit_lines 7>&- | noted "$note" >&4
    } 6>&1 | limit_lines >&5 7>&-
  } 7>&1)
  [ "$status" = 0 ] || [ "$note" = /dev/null ] || rm -f "$note"
  return "$status"
}

# Copies text and writes it to the file $1: without what a server's login shell printed before the marker (remote/marker.ts), and
# without the marker and the empty line before it.
noted() {
  gap=""
  : >"$1"
  while IFS= read -r line; do
    case $line in
      "$marker") gap="" && : >"$1" ;;
      "") gap="$gap\\n" ;;
      *)
        printf "$gap%s\\n" "$line"
        printf "$gap%s\\n" "$line" >>"$1"
        gap=""
        ;;
    esac
  done
}

# Ends a process and its descendants, the parents first so that none starts another.
end_tree() {
  kill -STOP "$1"
  for child in $(ps -A -o pid= -o ppid= | while read -r pid parent; do [ "$parent" != "$1" ] || echo "$pid"; done); do end_tree "$child"; done
  kill -KILL "$1"
}

