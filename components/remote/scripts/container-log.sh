# shellcheck shell=sh # follows containers.sh
# Prints the log of a container with timestamps. Arguments: 1 = id, the rest = options of docker logs.
id=$1
shift
exec docker logs --timestamps "$@" "$id" 2>&1
