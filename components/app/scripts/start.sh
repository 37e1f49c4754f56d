# shellcheck shell=sh disable=SC2154 # follows container.sh
# Starts a container without waiting for its health.
# Arguments: 1 = container, 2 = process limit.
main() {
  id=$1
  prepare_container "$2"
  docker start "$id" >/dev/null || fail "does not start"
}

fail() {
  echo "Container $id $1." >&2
  exit 1
}

main "$@"
