# shellcheck shell=sh disable=SC2154 # follows container.sh
# Runs a job's container to its end, and shows its output when it fails.
# Arguments: 1 = container, 2 = its limit of processes, 3 = seconds it may take.
main() {
  id=$1 pids=$2 seconds=$3
  deadline=$(($(date +%s) + seconds))
  prepare_container "$pids"
  docker start "$id" >/dev/null || fail "cannot be started"
  while [ "$(state .State.Running)" = true ]; do
    [ "$(date +%s)" -lt "$deadline" ] || {
      docker stop --time 5 "$id" >/dev/null
      fail "was stopped, because it took longer than $seconds s"
    }
    sleep 0.3
  done
  [ "$(state .State.ExitCode)" = 0 ] || fail "failed"
}

fail() {
  name=$(state .Name)
  {
    printf '\nJob %s %s: %s.\n' "${name#/}" "$1" "$(how_it_is)"
    last_log_lines 40
    printf '%s\n' "$still_serves"
  } >&2
  exit 1
}

main "$@"
