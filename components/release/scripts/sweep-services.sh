# shellcheck shell=sh # follows of-stack.sh
# Removes Swarm services of a killed deployment that are not in its state: those that were never started. A service that was changed has
# a previous specification.
# Arguments: ids of the stack's services.
of_stack service ls --quiet | while read -r short; do
  read -r id replicas changed <<END
$(docker service inspect --format '{{.ID}} {{.Spec.Mode.Replicated.Replicas}} {{if .PreviousSpec}}changed{{end}}' "$short")
END
  for known in "$@"; do [ "$id" != "$known" ] || continue 2; done
  [ "$replicas" = 0 ] && [ -z "$changed" ] || continue
  echo "Removing a service of an interrupted deployment: $(docker service rm "$id")"
done
