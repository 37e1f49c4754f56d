# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Asks the container that keeps the backups; the words are those of its backups.sh.
main() {
  id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$id" ] || no_container "running container of backups"
  exec docker exec --interactive "$id" sh /opt/berth/backups.sh "$@"
}

main "$@"
