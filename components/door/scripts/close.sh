#!/bin/sh
# Removes the front door after its last site: its containers, volume and network. A site in the network keeps it, with or without a route.
set -eu
[ "$(docker network inspect --format '{{len .Containers}}' berth-door 2>/dev/null || echo 0)" -le 1 ] || exit 0
! docker exec berth-door-sandbox sh -c 'ls /srv/door/routes/*' >/dev/null 2>&1 </dev/null || exit 0
docker ps --all --quiet --filter "label=$label_door" | xargs -r docker rm --force --volumes >/dev/null
docker volume rm --force berth-door >/dev/null
docker network rm berth-door >/dev/null 2>&1 || true
echo "The front door of the server is removed with its last site."
