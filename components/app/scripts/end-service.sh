# shellcheck shell=sh # in front of scripts that end services of a Swarm
# end_service ID: stops its containers, waits for them at most a minute longer than they may take to stop, and removes it. The provider would
# not wait, and fails where the service is gone.
end_service() {
  [ -n "$(docker service ls --quiet --filter "id=$1")" ] || return 0
  grace=$(docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.StopGracePeriod.Seconds}}' "$1" 2>/dev/null) || grace=0
  stop_service "$1" $((${grace%%[!0-9]*} + 60)) || true
  docker service rm "$1" >/dev/null || [ -z "$(docker service ls --quiet --filter "id=$1")" ]
}
