#!/bin/sh
# shellcheck disable=SC2034 # project and stack are for of_stack
# Starts the containers of a Swarm service and waits until all are healthy. On failure, prints the reason.
# Runs on the manager where the service was created. Arguments: 1 = service, 2 = project, 3 = stack, 4 = number of containers,
# 5 = timeout in seconds, 6 = stop or keep (what to do on failure: stop what was started, or keep it), 7 = seconds that they must run,
# 8 = for a single instance, the name of the service that it replaces; else empty.
set -u

main() {
  id=$1 project=$2 stack=$3 replicas=$4 seconds=$5 failing=$6 steady=$7 replaces=$8
  deadline=$(($(date +%s) + seconds))
  [ -z "$replaces" ] || stop_others
  # Containers that have ended before do not count. Those of a service that somebody has scaled still run.
  earlier=" $(docker service ps --no-trunc --format '{{.ID}} {{.DesiredState}}' "$id" 2>/dev/null | sed -n '/ Running$/!s/ .*//p' | tr '\n' ' ')"
  before=$(docker service inspect --format '{{.Spec.Mode.Replicated.Replicas}}' "$id") || before=0
  docker service scale --detach "$id=$replicas" >/dev/null || fail "does not start"
  await_all
  if [ "$steady" != 0 ]; then
    first=$(running)
    sleep "$steady"
    await_all
    [ "$(running)" = "$first" ] || fail "does not keep running"
  fi
}

# Fails as soon as a container has ended, but not for one whose server is lost: Swarm starts it elsewhere.
await_all() {
  until [ "$(running | wc -l)" -eq "$replicas" ]; do
    [ -z "$(ended)" ] || fail "does not run"
    [ "$(date +%s)" -lt "$deadline" ] || fail "is not healthy after $seconds s"
    sleep 0.5
  done
}

# Prints lines of task, wanted state and state of the containers since the start.
tasks() {
  docker service ps --no-trunc --format '{{.ID}} {{.DesiredState}} {{.CurrentState}}' "$id" 2>/dev/null |
    while read -r task wanted state _; do
      case $earlier in *" $task "*) ;; *) echo "$task $wanted $state" ;; esac
    done
}

running() { tasks | grep ' Running Running$' | sort; }

ended() { tasks | grep -E ' (Failed|Rejected|Complete)$'; }

# Two instances never run at once: the old service stops, and so does a container from the time with one server.
stop_others() {
  of_stack ps --quiet --no-trunc --filter "label=$label_service=$replaces" | while read -r container; do
    [ -n "$(docker inspect --format '{{index .Config.Labels "com.docker.swarm.task.id"}}' "$container")" ] ||
      docker stop -t "$(docker inspect --format '{{if .Config.StopTimeout}}{{.Config.StopTimeout}}{{else}}10{{end}}' "$container")" "$container" >/dev/null
  done
  of_stack service ls --quiet --filter "label=$label_service=$replaces" | while read -r other; do
    [ "$(docker service inspect --format '{{.ID}}' "$other")" != "$id" ] || continue
    stop_service "$other" $((deadline - $(date +%s))) || exit 1
  done || fail "waits for its previous instance, which has not stopped after $seconds s"
}

fail() {
  {
    printf '\nService %s %s.\n' "$(docker service inspect --format '{{.Spec.Name}}' "$id" 2>/dev/null || echo "$id")" "$1"
    docker service ps --no-trunc --format '{{.Name}} on {{.Node}}: {{.CurrentState}} {{.Error}}' "$id" 2>&1 | head -n 10 | limit_lines
    printf 'Last lines of its log:\n'
    timeout 10 docker service logs --raw --tail 20 "$id" 2>&1 | tail -n 20 | limit_lines | sed 's/^/  | /'
    [ "$failing" = keep ] || echo 'The previous version still serves. Correct the release and deploy again.'
  } >&2
  [ "$failing" = keep ] || docker service scale --detach "$id=$before" >/dev/null
  exit 1
}

main "$@"
