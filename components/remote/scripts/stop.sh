# shellcheck shell=sh # follows containers.sh
# Stops containers one after another. Skips containers that no longer exist. Arguments: pairs of timeout in seconds and id.
while [ $# -gt 0 ]; do
  ! container_exists "$2" || docker stop -t "$1" "$2" >/dev/null || exit 1
  shift 2
done
