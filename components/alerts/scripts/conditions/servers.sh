# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The other servers of the stack are in the Swarm, and its managers have a quorum.
servers_conditions() {
  [ "$SWARM" = true ] || return 0
  [ "$engine" = yes ] || return 1
  nodes=$(docker node ls --quiet 2>/dev/null) || {
    raise quorum "$AFTER" "The managers of the Swarm have no quorum: what runs goes on, but nothing can be deployed, and nothing starts elsewhere." "Start the other managers again. If they are lost: docs/several-servers.md, two of three managers lost"
    return
  }
  # shellcheck disable=SC2086 # one id a word
  docker node inspect --format "{{index .Spec.Labels \"$SERVER_LABEL\"}} {{.Status.State}}" $nodes >"$work/nodes" 2>/dev/null || return 1
  while read -r name state; do
    # A node of other stacks has no name here.
    [ -n "$state" ] && [ "$state" != ready ] || continue
    raise "$name" "$AFTER" "The server $name does not answer the others ($state). Its services run elsewhere, what is bound to it does not." "Start it again, or remove it from the setting servers and deploy: $(berth up)"
  done <"$work/nodes"
}
