# shellcheck shell=sh disable=SC2154 # part of upgrade.sh
# Starts the server of the new version on the new volume, and waits until a server accepts connections.

# It runs with the command it will have in production, so that unknown settings fail now. The name of its data folder marks the
# volume as unfinished.
start_new() {
  docker run --detach --name "$fresh" --label "$label_project=$project" --label "$label_stack=$stack" --label "$label_service=$service-upgrade" \
    --network none --user "$account" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --tmpfs /tmp --tmpfs "/var/run/postgresql:mode=0700,uid=${account%:*},gid=${account#*:}" --shm-size 256m \
    --memory "${memory}m" --memory-swap "${memory}m" --log-opt max-size=10m --log-opt max-file=3 \
    --mount "type=volume,source=$volume,target=$mount" --env "PGDATA=$mount/unfinished" \
    --env "POSTGRES_USER=$superuser" --env POSTGRES_DB=postgres --env POSTGRES_PASSWORD=taken-away-at-once \
    --env POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 "$image" "$@" >/dev/null ||
    stop_here "The container of the new server cannot be created."
  await "$fresh"
}

# $1 = container. It asks over TCP, as the temporary server that initializes a database listens on its socket only.
await() {
  seconds=0
  until docker exec "$1" pg_isready --quiet --host 127.0.0.1; do
    if [ "$seconds" = 120 ] || ! runs "$1"; then
      docker logs --tail 20 "$1" 2>&1 | limit_lines | sed 's/^/  | /' >&2
      stop_here "The server whose log is above does not start."
    fi
    sleep 1
    seconds=$((seconds + 1))
  done
}
