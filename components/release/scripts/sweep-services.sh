# shellcheck shell=sh # follows of-stack.sh and end-service.sh
# Removes the Swarm services of the stack that are not of this release: of the previous one, and of a failed or killed deployment.
# Arguments: ids of the stack's services.
services=$(of_stack service ls --quiet)
for short in $services; do
  id=$(docker service inspect --format '{{.ID}}' "$short") || continue
  for known in "$@"; do [ "$id" != "$known" ] || continue 2; done
  end_service "$id"
done
