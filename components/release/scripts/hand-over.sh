# shellcheck shell=sh # follows of-stack.sh
# Tells the nginx of the release before to go: it stops to listen and ends the requests it has. Until then both versions answer, and
# Pulumi takes its container away at the very end only.
# Arguments: ids of the containers that stay.
of_stack ps --quiet --no-trunc --filter "label=$label_joins" | while read -r id; do
  for stays in "$@"; do [ "$id" != "$stays" ] || continue 2; done
  # The signal it is stopped with, so that the engine does not start it again. One that has just ended needs none.
  docker kill --signal QUIT "$id" >/dev/null || true
done
# What keeps the backups is told which migrations were carried out: they need no backup before them any more.
of_stack ps --quiet --no-trunc --filter "label=$label_backups=true" | while read -r id; do
  for stays in "$@"; do
    [ "$id" = "$stays" ] || continue
    migrations=$(docker inspect --format "{{with index .Config.Labels \"$label_migrations\"}}{{println .}}{{end}}" "$@" 2>/dev/null) || true
    # shellcheck disable=SC2086 # a fingerprint a word
    docker exec "$id" sh /opt/berth/backups.sh released $migrations || echo "What keeps the backups could not be told. The next release takes one again." >&2
  done
done
