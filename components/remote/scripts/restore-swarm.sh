# shellcheck shell=sh disable=SC2154 # part of restore.sh
# Services of a Swarm among those that a restore stops, as words swarm/<id>/<number of containers>. The engine would start a stopped
# container of a service again, on any server.

# Prints the services that share a network with a database. Those that an interrupted restore has stopped have their number in $expected.
swarm_writers() {
  [ "$(docker info --format '{{.Swarm.ControlAvailable}}')" = true ] || return 0
  for words in $databases; do
    docker inspect --format '{{range .NetworkSettings.Networks}}{{println .NetworkID}}{{end}}' "$(server_of "$words")"
  done >"$work/networks"
  of_stack service ls --quiet | while read -r short; do
    docker service inspect --format '{{.ID}} {{.Spec.Mode.Replicated.Replicas}}{{range .Spec.TaskTemplate.Networks}} {{.Target}}{{end}}' "$short"
  done >"$work/services"
  while read -r id count networks; do
    printf '%s\n' "$networks" | tr ' ' '\n' | grep -qxFf "$work/networks" || continue
    [ "$count" != 0 ] || count=$(printf '%s\n' "$expected" | tr ' ' '\n' | sed -n "s,^swarm/$id/,,p")
    [ "${count:-0}" = 0 ] || echo "swarm/$id/$count"
  done <"$work/services"
}

# Succeeds if a word among the writers is a service of a Swarm.
is_swarm() { case $1 in swarm/*) true ;; *) false ;; esac; }

swarm_name() {
  id=${1#swarm/}
  docker service inspect --format "{{index .Spec.Labels \"$label_service\"}}" "${id%/*}"
}

# Waits until its containers have ended.
stop_swarm() {
  id=${1#swarm/}
  stop_service "${id%/*}" 120
}

# Waits until all containers are healthy, as only then Swarm says that they run.
start_swarm() {
  id=${1#swarm/} count=${1##*/} && id=${id%/*}
  docker service scale --detach "$id=$count" >/dev/null || return 1
  for _ in $(seq 1 240); do
    [ "$(running_tasks "$id" | grep -c ' Running')" -lt "$count" ] || return 0
    sleep 0.5
  done
  say "The service $(swarm_name "$1") is not healthy:"
  timeout 10 docker service logs --raw --tail 20 "$id" 2>&1 | tail -n 20 | limit_lines | sed 's/^/  | /' >&2
  return 1
}
