# shellcheck shell=sh
# Reports the health of the backups from the journal, without a query to a repository.

# A day, and two hours for the backup.
readonly BACKUP_IS_OLD=93600
# A week, and a day for a retry.
readonly PROOF_IS_OLD=691200

ready() { [ -e /tmp/ready ]; }

status() {
  good=$(read_note good)
  if [ -n "$good" ]; then
    echo "Last good backup: ${good##* }, $(ago "${good%% *}") ago"
  else
    echo "Last good backup: none yet"
  fi
  if [ -n "$OFFSITE" ]; then
    sent=$(read_note offsite)
    if [ -n "$sent" ]; then echo "Off-site: copied $(ago "$sent") ago"; else echo "Off-site: nothing copied yet"; fi
  else
    echo "Off-site: no copy, so a loss of this server loses the backups too. Set backupS3Endpoint (docs/backups.md)."
  fi
  proof=$(read_note drill)
  if [ -n "$proof" ]; then
    echo "Last proven restore: of ${proof##* }, $(ago "${proof%% *}") ago"
  else
    echo "Last proven restore: none yet"
  fi
  ! point_in_time || archive_status
  [ -z "$(read_note omitted)" ] || read_note omitted | sed 's/^/Not in the backups: /'
}

moments() {
  for name in good offsite drill; do
    moment=$(read_note "$name")
    [ -z "$moment" ] || echo "$name ${moment%% *}"
  done
}

healthy() {
  status
  problems=""
  judge
  [ -z "$problems" ] || { echo "Not well:$problems" && return 1; }
}

judge() {
  old good "$BACKUP_IS_OLD" "The last good backup is too old."
  [ -z "$OFFSITE" ] || old offsite "$BACKUP_IS_OLD" "The off-site copy is too old."
  old drill "$PROOF_IS_OLD" "The last proven restore is too long ago."
  failed failure "The last backup failed"
  failed offsite-failure "The last copy off-site failed"
  failed drill-failure "THE LAST RESTORE DRILL FAILED"
  ! point_in_time || judge_archive
}

# Something that never happened counts from the first start.
old() {
  moment=$(read_note "$1" "$(read_note since 0)")
  [ "$(($(date +%s) - ${moment%% *}))" -le "$2" ] || problem "$3"
}

failed() {
  failure=$(read_note "$1")
  [ -z "$failure" ] || problem "$2 $(ago "${failure%% *}") ago: ${failure#* }"
}

problem() {
  problems="$problems
  $1"
}
