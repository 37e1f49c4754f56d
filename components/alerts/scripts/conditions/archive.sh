# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The archive of point-in-time recovery, as the backup container judges it: long before the database gives up the WAL that it keeps for it.
archive_conditions() {
  [ "$engine" = yes ] && [ -z "$quiet" ] || return 1
  container=$(of_stack ps --quiet --filter "label=$label_point_in_time=true" | head -n 1)
  [ -n "$container" ] || return 0
  docker exec "$container" sh /opt/berth/backups.sh archive >"$work/archive" 2>/dev/null </dev/null || return 1
  while read -r problem; do
    raise "$problem" "$AFTER" "$problem" "Read the reason: $(berth status) and $(berth logs backups). Until it is well, only the times before can be restored: $(berth backups --times)"
  done <"$work/archive"
}
