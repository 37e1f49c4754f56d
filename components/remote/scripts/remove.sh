# shellcheck shell=sh # follows containers.sh
# Removes objects, e.g. those that were not deployed. Stops containers gracefully, with time to complete their requests.
# Arguments: words of the form container=<id>=<seconds> network=<id>=… or volume=<name>=….
main() {
  for object; do
    id=${object#*=} seconds=${object##*=}
    id=${id%=*}
    case $object in
      container=*) docker stop -t "$seconds" "$id" >/dev/null && docker rm --volumes "$id" >/dev/null ;;
      network=*) remove_network "$id" ;;
      volume=*) docker volume rm "$id" >/dev/null ;;
    esac || exit 1
  done
}

# Disconnects its containers first. The next up replaces those of the stack.
remove_network() {
  for container in $(docker network inspect --format '{{range $id, $_ := .Containers}}{{$id}} {{end}}' "$1"); do
    docker network disconnect --force "$1" "$container" || return 1
  done
  docker network rm "$1" >/dev/null
}

main "$@"
