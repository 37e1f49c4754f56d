# shellcheck shell=sh # follows of-stack.sh
# Ends what the release has replaced: stops the containers of other Swarm services of the stack, as the provider that deletes the services
# does not wait long enough for them, and removes services of a killed deployment that are not in its state: those that were never started.
# A service that was changed has a previous specification.
# Arguments: ids of the stack's services.
main() {
  of_stack service ls --quiet | while read -r short; do
    read -r id replicas changed <<END
$(docker service inspect --format '{{.ID}} {{.Spec.Mode.Replicated.Replicas}} {{if .PreviousSpec}}changed{{end}}' "$short")
END
    for known in "$@"; do [ "$id" != "$known" ] || continue 2; done
    if [ "$replicas" != 0 ]; then
      docker service scale --detach "$id=0" >/dev/null
    elif [ -z "$changed" ]; then
      echo "Removing a service of an interrupted deployment: $(docker service rm "$id")"
      continue
    fi
    await_end "$id"
  done
}

# Waits until the containers of a service have ended: at most a minute longer than they may take to stop.
await_end() {
  grace=$(docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.StopGracePeriod.Seconds}}' "$1" 2>/dev/null)
  deadline=$(($(date +%s) + ${grace%%[!0-9]*} + 60))
  until [ -z "$(running_tasks "$1")" ]; do
    [ "$(date +%s)" -lt "$deadline" ] || return 0
    sleep 0.5
  done
}

main "$@"
