# shellcheck shell=sh disable=SC2154 # follows routes.sh of the front door
# Removes what traces.sh found of a stack. What cannot be removed stays, and the reason is printed.
# Arguments: 1 = project, 2 = stack, the rest = words <kind>=<reference>.
main() {
  for trace; do
    reference=${trace#*=}
    case $trace in
      container=*) docker rm --force --volumes "$reference" ;;
      network=*) docker network rm "$reference" ;;
      volume=*) docker volume rm "$reference" ;;
      folder=*) rm -rf "$reference" 2>/dev/null || sudo -n rm -rf "$reference" 2>/dev/null || through_engine "$reference" ;;
      route=*) remove_route ;;
      image=*) docker image rm "$reference" ;;
    esac >/dev/null
  done 2>&1 | limit_lines >&2
}

# Removes a folder as root, like audit_make. Any image with a shell. $1 = folder.
through_engine() {
  for image in $(docker image ls --quiet | sort -u); do
    docker run --rm --pull never --network none --user 0:0 --entrypoint sh --volume "${1%/*}:/berth" "$image" \
      -c 'rm -rf "$1"' sh "/berth/${1##*/}" >/dev/null 2>&1 && return
  done
  echo "$1 belongs to root, and this account cannot remove it."
}

remove_route() {
  generation=$(change_routes "$project" "$stack") && reload "$generation"
}

project=$1 stack=$2
shift 2
main "$@"
