# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The services of the Swarm have all their containers, on whichever server.
services_conditions() {
  [ "$SWARM" = true ] || return 0
  [ "$engine" = yes ] && [ -z "$quiet" ] || return 1
  of_stack service ls --format "{{.Replicas}} {{.ID}}" >"$work/services" 2>/dev/null || return 1
  while read -r replicas id; do
    run=${replicas%%/*} wanted=${replicas#*/}
    [ "$run" -lt "$wanted" ] || continue
    service=$(docker service inspect --format "{{index .Spec.Labels \"$label_service\"}}" "$id" 2>/dev/null)
    raise "$service" "$AFTER" "The service $service has $run of $wanted containers." "Read why: $(berth logs "$service"). On which server it should run: docker service ps $id"
  done <"$work/services"
}
