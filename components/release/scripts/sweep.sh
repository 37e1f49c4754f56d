# shellcheck shell=sh # follows of-stack.sh
# Removes objects of a killed deployment that are not in its state: containers that never ran, and unused networks.
# Also removes containers of scheduled jobs that an earlier release left to complete their run, once they have.
# Arguments: names of the stack's networks.
of_stack ps --all --quiet --filter status=created | while read -r id; do
  echo "Removing a container of an interrupted deployment: $(docker rm --volumes "$id")"
done
of_stack ps --all --quiet --filter "label=$label_cron" --filter status=exited | while read -r id; do
  [ "$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' "$id")" = no ] || continue
  docker rm --volumes "$id" >/dev/null
done
of_stack network ls --format '{{.Name}}' | while read -r name; do
  for known in "$@"; do [ "$name" != "$known" ] || continue 2; done
  [ "$(docker network inspect --format '{{len .Containers}}' "$name")" = 0 ] || continue
  echo "Removing a network of an interrupted deployment: $(docker network rm "$name")"
done
