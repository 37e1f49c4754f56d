# shellcheck shell=sh # follows containers.sh
# Removes what was not deployed: containers by their stop signal, with time to end the requests they have.
# Arguments: words of the form container=<id>=<seconds> or network=<id>=….
main() {
  for thing; do
    id=${thing#*=} seconds=${thing##*=}
    id=${id%=*}
    case $thing in
      container=*) docker stop --time "$seconds" "$id" >/dev/null && docker rm --volumes "$id" >/dev/null ;;
      network=*) remove_network "$id" ;;
    esac || exit 1
  done
}

# Containers in it lose it first: those of the stack are made anew.
remove_network() {
  for container in $(docker network inspect --format '{{range $id, $_ := .Containers}}{{$id}} {{end}}' "$1"); do
    docker network disconnect --force "$1" "$container" || return 1
  done
  docker network rm "$1" >/dev/null
}

main "$@"
