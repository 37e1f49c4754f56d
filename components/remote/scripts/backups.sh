# shellcheck shell=sh disable=SC2154 # follows containers.sh
# Runs a command of backups.sh in the backup container.
main() {
  id=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$id" ] || no_container "running backup container"
  # For psql of a preview.
  tty=""
  [ ! -t 0 ] || tty=--tty
  # shellcheck disable=SC2086 # an option, or none
  exec docker exec --interactive $tty "$id" sh /opt/berth/backups.sh "$@"
}

main "$@"
