# shellcheck shell=sh # follows containers.sh
# Removes containers with their anonymous volumes. Skips containers that no longer exist. Arguments: their ids.
for id in "$@"; do
  ! container_exists "$id" || docker rm --force --volumes "$id" >/dev/null || exit 1
done
