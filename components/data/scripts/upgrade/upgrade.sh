# shellcheck shell=sh disable=SC2154 # follows postgres-data.sh; the other files of this folder follow
# Copies a PostgreSQL server to a new one of another major version, on a separate volume. The whole upgrade runs on the server, so that
# it completes or is undone if the connection breaks. The old server serves until the last step while writers wait: the sessions that
# hold their locks end with this script, so that writers always continue.
upgrade() {
  fresh=$project-$stack-$service-upgrade
  work=$(mktemp -d)
  trap 'end $?' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  docker start "$current" >/dev/null
  await "$current"
  # Left by a killed attempt.
  docker rm --force --volumes "$fresh" "$fresh-dump" >/dev/null 2>&1
  on_volume "$volume" find "$mount" -mindepth 1 -delete
  has_room
  start_new "$@"
  hold_writers
  held=$(date +%s)
  copy
  compare
  switch
  finished=yes
  echo "PostgreSQL $running -> $wanted: the volume $volume has all data, verified against the old server. Writers waited $(($(date +%s) - held)) s. The volume $current_volume is unchanged."
}

has_room() {
  need=$(($(ask "$current" postgres 'SELECT ceil(sum(pg_database_size(oid)) / 1024) FROM pg_database') / 1024 + 512))
  free=$(($(on_volume "$volume" df -Pk "$mount" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$need" ] || stop_here "The copy needs about $need MiB on the server's disk, and $free MiB are free. Free disk space, then deploy again."
}

# From here on nothing writes to the old volume. PG_VERSION moves last, as it marks a complete volume.
switch() {
  docker stop -t 60 "$fresh" >/dev/null
  [ "$(docker inspect --format '{{.State.ExitCode}}' "$fresh")" = 0 ] || stop_here "The new server did not shut down cleanly."
  ask "$current" postgres CHECKPOINT >/dev/null
  still_held || stop_here "A session that held writers back on the old server ended."
  # Without a reader, this line ends the script (SIGPIPE), as the release would not continue.
  echo "The copy is verified; switching to the new server."
  # SIGQUIT ends all sessions at once. A shutdown that ends one after another lets a writer through as soon as the locks are released.
  docker kill --signal QUIT "$current" >/dev/null
  docker wait "$current" >/dev/null
  ! runs "$current" || stop_here "The old server does not stay stopped."
  on_volume "$volume" sh -ec "
    mkdir -p -m 700 $data
    cd $mount/unfinished
    echo '$current' >upgraded-from
    for entry in * .[!.]*; do case \$entry in PG_VERSION | '.[!.]*') ;; *) mv \"\$entry\" $data ;; esac; done
    sync
    mv PG_VERSION $data
    rmdir $mount/unfinished
    sync" || stop_here "The new volume could not be completed."
}

stop_here() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Runs on every exit: removes the new server and, unless the upgrade finished, starts the old one and empties the new volume.
end() {
  trap '' HUP INT TERM PIPE
  exec 3>&-
  docker rm --force --volumes "$fresh" "$fresh-dump" >/dev/null 2>&1
  rm -rf "$work"
  [ -z "${finished:-}" ] || exit 0
  docker start "$current" >/dev/null
  on_volume "$volume" find "$mount" -mindepth 1 -delete
  printf '\nThe upgrade of PostgreSQL %s -> %s failed: PostgreSQL %s keeps running with all its data, on the volume %s.\nFix the error above and deploy again, or remove the upgrade from the configuration.\n' \
    "$running" "$wanted" "$running" "$current_volume" >&2
  exit "$1"
}

# Runs SQL on a server. $1 = container, $2 = database, $3 = SQL.
ask() {
  docker exec "$1" psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --username "$superuser" --dbname "$2" --command "$3"
}
