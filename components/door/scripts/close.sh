# shellcheck shell=sh disable=SC2154 # follows routes.sh
# Removes the front door after its last site: its containers, volume and network. Another site in the network keeps it, also one that is
# stopped or not routed yet.
set -eu
sites=$(docker ps --all --filter network=berth-door --format '{{.Names}}' | grep -cvx "$sandbox" || true)
[ "$sites" = 0 ] || exit 0
docker ps --all --quiet --filter "label=$label_joins=$sandbox" | xargs -r docker rm --force --volumes >/dev/null
docker rm --force --volumes "$sandbox" >/dev/null 2>&1 || true
docker volume rm --force berth-door >/dev/null
docker network rm berth-door >/dev/null 2>&1 || true
echo "The front door of the server is removed with its last site."
