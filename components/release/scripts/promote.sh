# shellcheck shell=sh # follows of-stack.sh
# Stops the previous release's nginx gracefully: it closes its listening sockets and finishes its requests. Until then both versions
# answer; Pulumi deletes the container at the end of the deployment.
# Arguments: ids of the containers that stay.
of_stack ps --quiet --no-trunc --filter "label=$label_joins" | while read -r id; do
  for stays in "$@"; do [ "$id" != "$stays" ] || continue 2; done
  # The signal it is stopped with, so that the engine does not start it again. One that has just ended needs none.
  docker kill --signal QUIT "$id" >/dev/null || true
done
# Reports the completed migrations to the backup container, which then takes no further backup before them.
of_stack ps --quiet --no-trunc --filter "label=$label_backups=true" | while read -r id; do
  for stays in "$@"; do
    [ "$id" = "$stays" ] || continue
    migrations=$(docker inspect --format "{{with index .Config.Labels \"$label_migrations\"}}{{println .}}{{end}}" "$@" 2>/dev/null) || true
    # shellcheck disable=SC2086 # a fingerprint a word
    docker exec "$id" sh /opt/berth/backups.sh released $migrations || echo "The backup container did not accept the completed migrations. The next release takes a backup again." >&2
  done
done
