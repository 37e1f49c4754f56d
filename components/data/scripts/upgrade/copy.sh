# shellcheck shell=sh disable=SC2154 # part of upgrade.sh
# Copies all databases and roles from the old server to the new one.

# pg_dumpall is the new version's, which knows what has changed since the old one. It shares the process namespace of the old
# server, and through /proc reaches its socket, which needs no password. The new server already has the superuser's role.
copy() {
  {
    docker run --rm --name "$fresh-dump" --network none --pid "container:$current" --user "$account" --read-only --cap-drop ALL \
      --security-opt no-new-privileges --memory "${memory}m" --log-driver none --entrypoint pg_dumpall "$image" \
      --no-password --host /proc/1/root/run/postgresql --username "$superuser" 2>"$work/dump.log" ||
      echo "exit code $?" >"$work/dump-failed"
  } | sed "0,/^CREATE ROLE $(ask "$current" postgres "SELECT quote_ident(current_user)");\$/{//d}" |
    docker exec --interactive "$fresh" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$superuser" --dbname postgres \
      --output /dev/null --file - >"$work/restore.log" 2>&1 || {
    tail -n 20 "$work/restore.log" >&2
    runs "$fresh" || stop_here "The new server stopped: $(docker inspect --format 'exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$fresh")."
    stop_here "PostgreSQL $wanted cannot restore the dump of PostgreSQL $running. Its message is above. Either it names an object to change on the old server, or the two images do not fit: pull the newest image of both versions."
  }
  [ ! -e "$work/dump-failed" ] || {
    cat "$work/dump-failed" "$work/dump.log" >&2
    stop_here "The dump of PostgreSQL $running failed. Its message is above."
  }
  ask "$fresh" postgres "ALTER ROLE CURRENT_USER PASSWORD NULL" >/dev/null
  docker exec "$fresh" vacuumdb --quiet --all --analyze-only --username "$superuser" ||
    stop_here "The new server could not analyze its tables."
}
