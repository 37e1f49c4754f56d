# shellcheck shell=sh disable=SC2030,SC2031,SC2034,SC2154 # follows containers.sh and the other parts of the restore
# Restores a backup into the running stack. All of it runs on the server, so that it completes or is rolled back as a whole if the
# connection breaks. It restores beside the data in use, verifies the result, and exchanges both. If the stack does not start with the
# restored data, it exchanges them again. restore-swarm.sh, restore-services.sh, restore-databases.sh and restore-volumes.sh come before.
# Arguments: 1 = repository of the backup (local or offsite), 2 = its id, 3 = yes or no: whether to take a safety backup first,
# 4 = names of the containers that should exist, and services of a Swarm as swarm/<id>/<number of containers>, 5 = another stack of the
# project whose backup it is, or nothing, 6 = SQL in base64, which changes its databases before they are used. Of another stack, only the
# databases are restored, as SQL makes no files harmless. 7 = adopt: continues the off-site backups of an earlier server, from which the backup was recovered.
main() {
  where=$1 snapshot=$2 safety=$3 expected=$4 from=${5:-} change=${6:-} adopt=${7:-} began=$(date +%s)
  # Completes or rolls back even if the connection is closed.
  trap '' HUP PIPE
  backups=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$backups" ] || no_container "running backup container"
  source=$(stack=${from:-$stack} && of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  image=$(docker inspect --format '{{.Image}}' "$backups")
  databases=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$backups" | sed -n 's/^DATABASES=//p')
  volumes=$(docker inspect --format '{{range .Mounts}}{{println .Destination .Name}}{{end}}' "$backups" | sed -n 's|^/backup/files/||p')
  [ -z "$from" ] || volumes=""
  contents=$(source_sh contents "$where" "$snapshot") || fail "The backup cannot be read."
  work=$(mktemp -d)
  writers=$(writers)
  say "Stopping the writers: $(names "$writers")"
  stopped=$(date +%s)
  stop_writers || leave "The writers cannot be stopped."
  clean_up || leave "The remains of an interrupted restore cannot be cleaned up."
  keep_to_contents
  if [ "$safety" = yes ]; then
    say "Taking a backup of the current data"
    backups_sh before-restore || give_up "The backup failed. To restore without one: SAFETY=no"
  fi
  say "Restoring $snapshot beside the current data"
  each_database restore_database || give_up "The database cannot be restored."
  [ -z "$change" ] || each_database change_restored || give_up "The SQL failed that changes the restored data."
  each_volume unpack || give_up "The files cannot be restored."
  say "Exchanging current and restored data"
  exchange || roll_back "The data cannot be exchanged."
  say "Starting the stack with the restored data"
  run_jobs || roll_back "A job of the stack failed."
  start "$writers" || roll_back "The stack does not start with the restored data."
  reopen_files
  now=$(date +%s)
  each_database drop_database _before
  each_volume clear_files
  rm -rf "$work"
  [ "$where$adopt" = local ] || [ -n "$from" ] || backups_sh adopt || say "The off-site backups cannot be adopted. To retry: npx berth backup --adopt-offsite --stack $stack"
  say "Restored $snapshot in $((now - began)) s; downtime $((now - stopped)) s$(against_rto $((now - stopped)))."
  backups_sh backup scheduled || say "The stack runs, but the first backup after the restore failed. For the reason: npx berth status --stack $stack"
}

exchange() {
  each_database exchange_database "" _before && each_database exchange_database _restoring "" && each_volume exchange_files
}

# Recovery time objective in seconds: docs/backups.md.
RTO=14400

# $1 = downtime in seconds.
against_rto() {
  if [ "$1" -le "$RTO" ]; then echo ", within the objective of $((RTO / 3600)) h"; else echo ", LONGER THAN THE OBJECTIVE OF $((RTO / 3600)) h"; fi
}

# Rolls back a restore that was interrupted before the end of the exchange. After a later interruption, deletes the previous data.
clean_up() {
  left=$(each_database left_in_database && each_volume left_in_volume) || return 1
  case "$left " in
    " ") return 0 ;;
    *"(missing)"* | *_restoring* | *-restoring* | *-leaving*)
      say "Rolling back an interrupted restore"
      each_database put_back && each_volume put_back_files
      ;;
    *) each_database drop_database _before && each_volume clear_files ;;
  esac
}

# Limits each_database and each_volume to the content of the backup.
keep_to_contents() {
  databases=$(for words in $databases; do ! has "databases/${words%%:*}" || printf '%s ' "$words"; done)
  volumes=$(printf '%s\n' "$volumes" | while read -r name volume; do ! has "files/$name" || echo "$name $volume"; done)
}

has() { printf '%s\n' "$contents" | grep -qx "/$1"; }

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$1 Nothing was changed."
  exit 1
}

# Fails before anything is restored.
leave() {
  start "$writers"
  rm -rf "$work"
  fail "$1"
}

# Fails before the exchange: deletes the restored data.
give_up() {
  each_database drop_database _restoring
  each_volume clear_files
  start "$writers"
  rm -rf "$work"
  say "$1 Nothing was changed. The stack is running again."
  exit 1
}

# Fails after the start of the exchange: exchanges the data again.
roll_back() {
  say "$1 Rolling back."
  stop_writers || true
  each_database put_back
  each_volume put_back_files
  start "$writers"
  reopen_files
  rm -rf "$work"
  say "$1 The previous data is back, and the stack runs with it."
  exit 1
}

main "$@"
