# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Succeeds if a container of a service runs here. Arguments: 1 = service.
main() { [ -n "$(of_stack ps --quiet --filter "label=$label_service=$1")" ]; }

main "$@"
