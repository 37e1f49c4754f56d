# shellcheck shell=sh disable=SC2154 # follows containers.sh and audit-line.sh
# Runs a command in a service's newest running container, after a line in the audit log.
# Arguments: 1 = folder of the audit logs, 2 = person, 3 = program for the log, 4 = service, 5 = an option of docker exec, the rest = the
# command.
main() {
  logs=$1 by=$2 program=$3 service=$4 option=$5
  shift 5
  [ -n "$service" ] || {
    echo "Name a service of the stack $stack: $(services)" >&2
    exit 1
  }
  id=$(of_stack ps --quiet --filter "label=$label_service=$service" | head -n 1)
  [ -n "$id" ] || no_container "running container $service"
  audit_line "$logs" "$project-$stack" exec "by=$by" "service=$service" "program=$program" || true
  exec docker exec "$option" "$id" "$@"
}

main "$@"
