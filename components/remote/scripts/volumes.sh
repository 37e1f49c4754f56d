# shellcheck shell=sh # follows containers.sh
# Prints the names of all volumes of a stack, one a line, those of earlier deployments included.
main() {
  of_stack volume ls --quiet
}

main "$@"
