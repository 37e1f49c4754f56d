# shellcheck shell=sh disable=SC2154 # follows container.sh
# Starts a container that has no health to wait for.
# Arguments: 1 = container, 2 = its limit of processes.
main() {
  id=$1
  prepare_container "$2"
  docker start "$id" >/dev/null || fail "cannot be started"
}

fail() {
  echo "Container $id $1." >&2
  exit 1
}

main "$@"
