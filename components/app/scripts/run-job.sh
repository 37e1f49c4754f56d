# shellcheck shell=sh disable=SC2154 # follows container.sh
# Runs a job's container to its end, and shows its output when it fails.
# Arguments: 1 = container, 2 = its limit of processes, 3 = seconds it may take.
main() {
  id=$1 pids=$2 seconds=$3
  prepare_container "$pids"
  docker start "$id" >/dev/null || fail "cannot be started"
  # Told at once when it ends; 124 says that the time is over.
  code=$(timeout "$seconds" docker wait "$id") || [ $? != 124 ] || {
    docker stop --time 5 "$id" >/dev/null
    fail "was stopped, because it took longer than $seconds s"
  }
  [ "$code" = 0 ] || fail "failed"
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
