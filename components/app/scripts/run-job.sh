# shellcheck shell=sh disable=SC2154 # follows container.sh
# Runs a job's container until it exits. On failure, prints its output.
# Arguments: 1 = container, 2 = process limit, 3 = timeout in seconds.
main() {
  id=$1 pids=$2 seconds=$3
  prepare_container "$pids"
  docker start "$id" >/dev/null || fail "does not start"
  # timeout exits with 124 when the time is over.
  code=$(timeout "$seconds" docker wait "$id") || [ $? != 124 ] || {
    docker stop -t 5 "$id" >/dev/null
    fail "was stopped, because it took longer than $seconds s"
  }
  [ "$code" = 0 ] || fail "failed"
}

fail() {
  name=$(state .Name)
  {
    printf '\nJob %s %s: %s.\n' "${name#/}" "$1" "$(describe_state)"
    last_log_lines 40
    printf '%s\n' "$previous_serves"
  } >&2
  exit 1
}

main "$@"
