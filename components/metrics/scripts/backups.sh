# shellcheck shell=sh disable=SC2154 # part of collect.sh
# Last good backup, off-site copy and last proven restore, as the backup container knows them.
backups_samples() {
  container=$(of_stack ps --quiet --filter "label=$label_backups=true" | head -n 1)
  # Without backups there are no samples; a container that does not run is a sample of the containers.
  [ -n "$container" ] || return 0
  moments=$(docker exec "$container" sh /opt/berth/backups.sh moments 2>/dev/null </dev/null) || return 1
  sample berth_backup_last_success_timestamp_seconds "" "$(moment good)"
  sample berth_backup_last_offsite_copy_timestamp_seconds "" "$(moment offsite)"
  sample berth_backup_last_proven_restore_timestamp_seconds "" "$(moment drill)"
  code=$(backups | sed -n 's/^backups \([0-9]*\) .*/\1/p')
  case $code in
    0) sample berth_backup_healthy "" 1 ;;
    ?*) sample berth_backup_healthy "" 0 ;;
  esac
}

moment() { printf '%s\n' "$moments" | sed -n "s/^$1 \([0-9][0-9]*\)$/\1/p"; }

backups_families() {
  family berth_backup_healthy gauge "Whether backups, their copies and restore drills are well."
  family berth_backup_last_success_timestamp_seconds gauge "Time of the last good backup, in seconds since 1970."
  family berth_backup_last_offsite_copy_timestamp_seconds gauge "Time of the last copy off-site, in seconds since 1970."
  family berth_backup_last_proven_restore_timestamp_seconds gauge "Time of the last restore drill that succeeded, in seconds since 1970."
}
