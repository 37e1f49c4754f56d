# shellcheck shell=sh disable=SC2154 # follows container.sh
# Starts a container and waits until it is healthy. On failure, prints the reason.
# Arguments: 1 = container, 2 = process limit, 3 = timeout in seconds, 4 = stop or keep (what to do with the container on failure),
# the rest = command of the health check; without one, the container must run for five seconds.
main() {
  id=$1 pids=$2 seconds=$3 failing=$4
  shift 4
  deadline=$(($(date +%s) + seconds))
  prepare_container "$pids"
  # A failed release may have left it stopped. No effect on a running container.
  docker start "$id" >/dev/null || fail "does not start"
  restarts=$(state .RestartCount)
  steady=$(($(date +%s) + 5))

  # Runs the health check directly, as the engine's first check may come only after many seconds.
  until output=$(is_healthy "$@") && still_runs; do
    still_runs || {
      await_next_exit
      fail "stopped"
    }
    [ "$health" != unhealthy ] || fail "is unhealthy"
    [ "$(date +%s)" -lt "$deadline" ] || fail "is not healthy after $seconds s"
    sleep 0.2
  done
}

is_healthy() {
  if [ $# -gt 0 ]; then
    timeout 10 docker exec "$id" "$@" 2>&1 </dev/null
  else
    [ "$(date +%s)" -ge "$steady" ]
  fi
}

# Succeeds if the container runs and has not restarted. One call of docker, as each takes as long as a health check.
still_runs() {
  read -r status count health <<END
$(docker inspect --format '{{.State.Status}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{end}}' "$id")
END
  [ "$status" = running ] && [ "$count" = "$restarts" ]
}

# Waits until the container exits again, as the engine forgets the exit code of a container that it has restarted.
await_next_exit() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    exit_state=$(describe_state)
    case $exit_state in running*) sleep 0.2 ;; *) return 0 ;; esac
  done
}

fail() {
  name=$(state .Name)
  {
    printf '\nContainer %s %s: %s.\n' "${name#/}" "$1" "${exit_state:-$(describe_state)}"
    printf 'Last output of its health check: %s\n' "${output:-none}" | limit_lines
    last_log_lines 20
    [ "$failing" = keep ] || printf '%s\n' "$previous_serves"
  } >&2
  # A stopped container neither keeps restarting nor starts with the server.
  [ "$failing" = keep ] || docker stop -t 5 "$id" >/dev/null
  exit 1
}

main "$@"
