# shellcheck shell=sh # follows containers.sh
# Prints the log of a container, each line with its time. Arguments: id and options of docker logs.
id=$1
shift
exec docker logs --timestamps "$@" "$id" 2>&1
