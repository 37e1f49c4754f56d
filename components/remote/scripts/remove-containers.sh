# shellcheck shell=sh # follows containers.sh
# Removes containers with their anonymous volumes. Skips containers that no longer exist. Arguments: their ids.
for id in "$@"; do
  ! docker inspect "$id" >/dev/null 2>&1 || docker rm --force --volumes "$id" >/dev/null || exit 1
done
