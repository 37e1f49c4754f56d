# shellcheck shell=sh disable=SC2154 # follows container.sh
# Starts a container and waits until it is healthy. After the timeout, the release prints a warning and continues.
# Arguments: 1 = container, 2 = process limit, 3 = timeout in seconds, the rest = command of the health check.
main() {
  id=$1 pids=$2 seconds=$3
  shift 3
  deadline=$(($(date +%s) + seconds))
  prepare_container "$pids"
  docker start "$id" >/dev/null || fail "does not start"
  until output=$(timeout 10 docker exec "$id" "$@" 2>&1 </dev/null); do
    [ "$(date +%s)" -lt "$deadline" ] || give_up
    sleep 0.5
  done
}

# The container keeps running and retries.
give_up() {
  name=$(state .Name)
  printf '\nContainer %s is not healthy after %s s: %s. The release continues without it.\n' "${name#/}" "$seconds" "$(describe_state)"
  printf 'Last output of its health check: %s\n' "${output:-none}" | limit_lines
  last_log_lines 10
  exit 0
}

fail() {
  echo "Container $id $1." >&2
  exit 1
}

main "$@"
