# shellcheck shell=sh disable=SC2034,SC2154 # follows containers.sh and the other parts of the restore
# Restores a backup into the running stack. All of it runs on the server, so that it is completed or taken back as a whole when the
# connection breaks. Restored data is put beside the data in use, checked, and exchanged with it; back again when the stack does not
# start with it. restore-services.sh, restore-databases.sh and restore-volumes.sh come before this file.
# Arguments: 1 = where the backup is (local or offsite), 2 = its id, 3 = yes for a safety backup before, or no, 4 = names of the
# containers there should be.
main() {
  where=$1 snapshot=$2 safety=$3 expected=$4 began=$(date +%s)
  # It comes to its end, or takes back what it did, when nobody is there any more to read what it says.
  trap '' HUP PIPE
  backups=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  [ -n "$backups" ] || no_container "running container of backups"
  image=$(docker inspect --format '{{.Image}}' "$backups")
  databases=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$backups" | sed -n 's/^DATABASES=//p')
  volumes=$(docker inspect --format '{{range .Mounts}}{{println .Destination .Name}}{{end}}' "$backups" | sed -n 's|^/backup/files/||p')
  contents=$(kept contents "$where" "$snapshot") || fail "The backup cannot be read."
  work=$(mktemp -d)
  writers=$(writers)
  say "Stopping what writes: $(names "$writers")"
  stopped=$(date +%s)
  # shellcheck disable=SC2086 # one id a word
  [ -z "$writers" ] || docker stop --time 60 $writers >/dev/null || leave "It cannot be stopped."
  mend || leave "What a restore before has left could not be put in order."
  keep_to_contents
  if [ "$safety" = yes ]; then
    say "Taking a backup of what is there now"
    kept before-restore || give_up "It failed. To restore without one: SAFETY=no"
  fi
  say "Restoring $snapshot beside it"
  each_database restore_database || give_up "The database could not be restored."
  each_volume unpack || give_up "The files could not be restored."
  say "Exchanging the two"
  exchange || take_back "They could not be exchanged."
  say "Starting the stack with what was restored"
  run_jobs || take_back "A job of the stack failed."
  start "$writers" || take_back "The stack does not run with it."
  reopen_files
  now=$(date +%s)
  each_database drop_database _before
  each_volume clear_files
  rm -rf "$work"
  [ "$where" = local ] || kept adopt || say "The off-site backups could not be taken over. To try again: npx berth backup --adopt-offsite --stack $stack"
  say "Restored $snapshot in $((now - began)) s; the stack was away for $((now - stopped)) s$(against_rto $((now - stopped)))."
  kept backup scheduled || say "It runs, but a first backup of it failed: the reason: npx berth status --stack $stack"
}

exchange() {
  each_database exchange_database "" _before && each_database exchange_database _restoring "" && each_volume exchange_files
}

# How long a stack may be away, in seconds: docs/backups.md.
RTO=14400

# $1 = seconds it was away.
against_rto() {
  if [ "$1" -le "$RTO" ]; then echo ", of $((RTO / 3600)) h it may be"; else echo ", LONGER THAN THE $((RTO / 3600)) h IT MAY BE"; fi
}

# A restore that was broken off before the end of the exchange is taken back as a whole; of one that came further, what was put
# aside is cleared away.
mend() {
  left=$(each_database left_in_database && each_volume left_in_volume) || return 1
  case "$left " in
    " ") return 0 ;;
    *"(missing)"* | *_restoring* | *-restoring* | *-leaving*)
      say "Taking back what a restore before has left half done"
      each_database put_back && each_volume put_back_files
      ;;
    *) each_database drop_database _before && each_volume clear_files ;;
  esac
}

# From here on, each_database and each_volume are about those the backup has.
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

# Before anything is put beside what is in use.
leave() {
  start "$writers"
  rm -rf "$work"
  fail "$1"
}

# Before the exchange: what was in use is as it was.
give_up() {
  each_database drop_database _restoring
  each_volume clear_files
  start "$writers"
  rm -rf "$work"
  say "$1 Nothing was changed; the stack runs again."
  exit 1
}

# After it: back, as far as it got.
take_back() {
  say "$1 Taking it back."
  # shellcheck disable=SC2086 # one id a word
  [ -z "$writers" ] || docker stop --time 60 $writers >/dev/null
  each_database put_back
  each_volume put_back_files
  start "$writers"
  reopen_files
  rm -rf "$work"
  say "$1 What was there before is there again; the stack runs with it."
  exit 1
}

main "$@"
