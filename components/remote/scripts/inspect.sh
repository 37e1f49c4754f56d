# shellcheck shell=sh # follows containers.sh
# Prints containers as JSON, one a line. Skips containers that no longer exist. Arguments: their ids.
for id in "$@"; do
  ! container_exists "$id" || docker inspect --format '{{json .}}' "$id" || exit 1
done
