# shellcheck shell=sh # follows containers.sh
# Prints containers as JSON, one a line. Skips containers that no longer exist, which makes docker fail. Arguments: their ids.
docker container inspect --format '{{json .}}' "$@" 2>/dev/null || true
