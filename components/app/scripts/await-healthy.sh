# shellcheck shell=sh disable=SC2154 # follows container.sh
# Starts a container, waits until it is healthy, and says why when it will never be.
# Arguments: 1 = container, 2 = its limit of processes, 3 = seconds to wait, 4 = stop or keep it when it fails,
# the rest = its health check; without one it has to stay up for five seconds.
main() {
  id=$1 pids=$2 seconds=$3 failing=$4
  shift 4
  deadline=$(($(date +%s) + seconds))
  prepare_container "$pids"
  # A release that failed before left it stopped: it gets another try. One that runs goes on.
  docker start "$id" >/dev/null || fail "cannot be started"
  restarts=$(state .RestartCount)
  steady=$(($(date +%s) + 5))

  # Asked directly while it starts: the engine's own check may come only after many seconds.
  until output=$(is_well "$@") && still_runs; do
    still_runs || {
      await_next_end
      fail "stopped"
    }
    [ "$health" != unhealthy ] || fail "is unhealthy"
    [ "$(date +%s)" -lt "$deadline" ] || fail "is not healthy after $seconds s"
    sleep 0.2
  done
}

is_well() {
  if [ $# -gt 0 ]; then
    timeout 10 docker exec "$id" "$@" 2>&1 </dev/null
  else
    [ "$(date +%s)" -ge "$steady" ]
  fi
}

# Without a restart in between. In one question, as each costs as much as the check itself.
still_runs() {
  read -r status count health <<END
$(docker inspect --format '{{.State.Status}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{end}}' "$id")
END
  [ "$status" = running ] && [ "$count" = "$restarts" ]
}

# The engine forgets the exit code of a container it has restarted, but this one will end again.
await_next_end() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    ending=$(how_it_is)
    case $ending in running*) sleep 0.2 ;; *) return 0 ;; esac
  done
}

fail() {
  name=$(state .Name)
  {
    printf '\nContainer %s %s: %s.\n' "${name#/}" "$1" "${ending:-$(how_it_is)}"
    printf 'Last answer of its health check: %s\n' "${output:-none}"
    last_log_lines 20
    [ "$failing" = keep ] || printf '%s\n' "$still_serves"
  } >&2
  # So that it neither restarts for ever nor comes back with the server.
  [ "$failing" = keep ] || docker stop --time 5 "$id" >/dev/null
  exit 1
}

main "$@"
