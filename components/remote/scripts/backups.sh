# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Runs a command of backups.sh in the backup container.
main() {
  id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$id" ] || no_container "running backup container"
  exec docker exec --interactive "$id" sh /opt/berth/backups.sh "$@"
}

main "$@"
