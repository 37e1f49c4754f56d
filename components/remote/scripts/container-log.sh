# shellcheck shell=sh # follows containers.sh
# Prints the log of a container with timestamps. Arguments: 1 = id, 2 = text that the lines contain, or nothing for all, the rest =
# options of docker logs.
id=$1 text=$2
shift 2
set -- docker logs --timestamps "$@" "$id"
[ -n "$text" ] || exec "$@" 2>&1
"$@" 2>&1 | { grep --line-buffered -F -e "$text" || [ $? = 1 ]; }
