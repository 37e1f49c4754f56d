# shellcheck shell=sh # follows end-service.sh
# Removes a service that Pulumi deletes: with the stack, or with the service. A server that has left its Swarm has none.
# Arguments: 1 = service.
set -eu
[ "$(docker info --format '{{.Swarm.LocalNodeState}}')" != active ] || end_service "$1"
