# shellcheck shell=sh # follows of-stack.sh
# Removes what a deployment that was killed has made without knowing of it: all that is known has run by now, or is in use.
# Arguments: the names of its networks.
of_stack ps --all --quiet --filter status=created | while read -r id; do
  echo "Removing a container that a deployment left unfinished: $(docker rm --volumes "$id")"
done
of_stack network ls --format '{{.Name}}' | while read -r name; do
  for known in "$@"; do [ "$name" != "$known" ] || continue 2; done
  [ "$(docker network inspect --format '{{len .Containers}}' "$name")" = 0 ] || continue
  echo "Removing a network that a deployment left unfinished: $(docker network rm "$name")"
done
