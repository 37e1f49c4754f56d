# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Containers run, are healthy, and do not restart in circles.
CIRCLE_SECONDS=900

containers_conditions() {
  [ "$engine" = yes ] && [ -z "$quiet" ] || return 1
  while IFS='|' read -r id name service backs_up status code health count restarts_by; do
    name=${name#"/$project-$stack-"}
    case $status/$restarts_by/$code in
      running/* | restarting/* | exited/no/0) ;;
      *) raise "$name" "$AFTER" "The container $name does not run ($status, exit code $code)." "Read why: $(berth logs "$service"). To start it again: $(berth up)" ;;
    esac
    # A stopped container keeps its last health. The kind backups says what is wrong with them.
    [ "$status/$health" != running/unhealthy ] || [ -n "$backs_up" ] ||
      raise "$name-health" "$AFTER" "The container $name is unhealthy." "Read what its health check says: $(berth status), and its log: $(berth logs "$service")"
    times=$(restarts_of "$id" "$count")
    [ "$times" -lt "$RESTARTS" ] ||
      raise "$name-restarts" 0 "The container $name restarts in circles: $times times in $((CIRCLE_SECONDS / 60)) min." "Read why it ends: $(berth logs "$service"). If it is since a release: $(berth rollback)"
  done <"$work/containers"
  remember_restarts
}

# Restarts of the container $1, which has restarted $2 times in all, within the last minutes.
restarts_of() {
  first=$(awk -v id="$1" -v since=$((now - CIRCLE_SECONDS)) '$1 >= since && $2 == id { print $3; exit }' "$here/restarts" 2>/dev/null)
  echo $(($2 - ${first:-$2}))
}

# Keeps lines of time, container and number of restarts, the oldest first.
remember_restarts() {
  {
    awk -v since=$((now - CIRCLE_SECONDS)) '$1 >= since' "$here/restarts" 2>/dev/null
    awk -F '|' -v now="$now" '{ print now, $1, $8 }' "$work/containers"
  } >"$work/restarts"
  cp "$work/restarts" "$here/restarts"
}
