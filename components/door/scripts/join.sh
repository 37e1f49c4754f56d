# shellcheck shell=sh disable=SC2154 # follows routes.sh
# Refuses names that another stack has. Creates the network between the front door and the sites, unless the server has it, and pulls the
# front door's image. Prints the front door's address in this network. Arguments: 1 = image, 2 = project, 3 = stack, the rest = names.
set -eu

main() {
  image=$1
  shift
  names_are_free "$@"
  docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >&2
  docker network inspect berth-door >/dev/null 2>&1 || create_network
  docker network inspect --format "The front door has the address {{index .Labels \"$label_door\"}} in the network of the sites." berth-door
}

# The sites believe what the front door's address says about visitors, so it is fixed. Docker gives fixed addresses only in a network
# with a given subnet: it chooses one for a first network, which is created again with it.
create_network() {
  # Left by an interrupted deployment.
  docker network rm berth-door-draft >/dev/null 2>&1 || true
  draft=$(docker network create berth-door-draft)
  subnet=$(docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$draft")
  docker network rm "$draft" >/dev/null
  start=${subnet%.*}
  # The other half is for the front door.
  set -- --subnet "$subnet" --gateway "$start.1" --ip-range "$start.128/25" --label "$label_door=$start.2" berth-door
  # IPv6 needs an engine that translates its addresses, Docker 27 or later; older ones refuse the option without a subnet.
  if [ -e /proc/net/if_inet6 ] && docker network create --ipv6 "$@" >/dev/null 2>&1; then return 0; fi
  # Another stack may have created it meanwhile.
  docker network create "$@" >/dev/null || docker network inspect berth-door >/dev/null
}

main "$@"
