# shellcheck shell=sh # follows containers.sh
# Removes containers with their nameless volumes, those that are gone already left out. Arguments: their ids.
for id in "$@"; do
  ! docker inspect "$id" >/dev/null 2>&1 || docker rm --force --volumes "$id" >/dev/null || exit 1
done
