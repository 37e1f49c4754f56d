# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Runs a command in a service's newest running container.
# Arguments: 1 = service, 2 = an option of docker exec, the rest = the command.
main() {
  service=$1 option=$2
  shift 2
  [ -n "$service" ] || {
    echo "Name a service of the stack $stack: $(services)" >&2
    exit 1
  }
  id=$(of_stack ps --quiet --filter "label=$label_service=$service" | head -n 1)
  [ -n "$id" ] || no_container "running container $service"
  exec docker exec "$option" "$id" "$@"
}

main "$@"
