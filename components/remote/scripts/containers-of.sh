# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Prints id and name of each container of a service, or of all. Arguments: 1 = service, or nothing for all.
main() {
  containers=$(of_stack ps --all --no-trunc ${1:+--filter "label=$label_service=$1"} --format '{{.ID}} {{.Names}}')
  [ -n "$containers" ] || no_container "container ${1:-at all}" --all
  printf '%s\n' "$containers"
}

main "$@"
