# shellcheck shell=sh # follows of-stack.sh
# Stops the previous release's nginx gracefully: it closes its listening sockets and completes its requests. Until then, both versions
# serve. Pulumi deletes the container at the end of the deployment.
# Arguments: ids of the containers of this release.
of_stack ps --quiet --no-trunc --filter "label=$label_joins" | while read -r id; do
  for current in "$@"; do [ "$id" != "$current" ] || continue 2; done
  # QUIT is the container's stop signal, so the engine does not restart it. Fails if the container has already stopped.
  docker kill --signal QUIT "$id" >/dev/null || true
done
# Reports the completed migrations to the backup container, which then takes no further backup before them.
of_stack ps --quiet --no-trunc --filter "label=$label_backups=true" | while read -r id; do
  for current in "$@"; do
    [ "$id" = "$current" ] || continue
    migrations=$(docker inspect --format "{{with index .Config.Labels \"$label_migrations\"}}{{println .}}{{end}}" "$@" 2>/dev/null) || true
    # shellcheck disable=SC2086 # one fingerprint a word
    docker exec "$id" sh /opt/berth/backups.sh released $migrations || echo "The backup container did not accept the completed migrations. The next release takes a backup again."
  done
done
