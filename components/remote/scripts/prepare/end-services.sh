# shellcheck shell=sh disable=SC2034 # follows end-service.sh; project and stack are for of_stack
# Removes the services of the stack from the Swarm of a server that is to be the only one again. Its networks are replaced, which Docker
# refuses while a service uses them. Arguments: 1 = project, 2 = stack.
project=$1 stack=$2
main() {
  # A worker of a Swarm of others cannot list any, and has none of this stack.
  services=$(of_stack service ls --quiet 2>/dev/null)
  [ -z "$services" ] || echo "Ending the services of the Swarm, as the stack moves back to one server." >&2
  for id in $services; do end_service "$id" || exit 1; done
}

main "$@"
