#!/bin/sh
# shellcheck disable=SC2034 # for the script that follows
# Verifies that a PostgreSQL server will find data of its own major version, before anything stops the running server. Upgrades the
# data where the configuration consents to it: upgrade/upgrade.sh then follows this file.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = image, 6 = volume, 7 = uid:gid, 8 = memory in MiB,
# 9 = the upgrade with consent ("15 -> 17", or nothing), the rest = the server's command.
main() {
  project=$1 stack=$2 service=$3 superuser=$4 image=$5 volume=$6 account=$7 memory=$8 consent=$9
  shift 9
  wanted=$(on_volume "$volume" postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
  [ -n "$wanted" ] || fail "The version of PostgreSQL in the image $image cannot be determined."
  found=$(version_on "$volume")
  [ -z "$found" ] || [ "$found" = "$wanted" ] ||
    fail "The volume $volume has data of PostgreSQL $found, and the image $image is PostgreSQL $wanted. Nothing was changed.
$(how_to "$found")"

  current=$(of_stack ps --all --quiet --no-trunc --filter "label=$label_service=$service" | head -n 1)
  [ -n "$current" ] || return 0
  current_volume=$(docker inspect --format "{{range .Mounts}}{{if eq .Destination \"$data\"}}{{.Name}}{{end}}{{end}}" "$current")
  [ "$current_volume" != "$volume" ] || return 0
  running=$(version_on "$current_volume")
  [ -n "$running" ] && [ "$running" != "$wanted" ] || return 0

  if [ -n "$found" ]; then
    [ "$(on_volume "$volume" cat "$data/upgraded-from" 2>/dev/null)" = "$current" ] ||
      fail "The server is PostgreSQL $running on the volume $current_volume, and the volume $volume already has data of PostgreSQL $found, which lacks
all later writes. Nothing was changed. To go back to it deliberately: docs/operations.md, Major versions of PostgreSQL."
    # A deployment ended between the switch and the start of the new server. An old server that runs again has newer rows.
    runs "$current" || return 0
  fi
  [ "$consent" = "$running -> $wanted" ] ||
    fail "The server is PostgreSQL $running, and the image $image is PostgreSQL $wanted. Nothing was changed.
$(how_to "$running")"
  upgrade "$@"
}

data=/var/lib/postgresql/data

# Runs a command in a container of the image with a volume. $1 = volume.
on_volume() {
  mounted=$1
  shift
  docker run --rm --network none --user "$account" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --mount "type=volume,source=$mounted,target=$data" --entrypoint /usr/bin/env "$image" "$@"
}

runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1")" = true ]; }

version_on() { on_volume "$1" sh -c "if [ -s $data/PG_VERSION ]; then cat $data/PG_VERSION; fi"; }

how_to() {
  if [ "$1" -lt "$wanted" ]; then
    printf 'To upgrade, consent in the configuration of the stack: "%s -> %s" (docs/operations.md, Major versions of PostgreSQL).\n' "$1" "$wanted"
  else
    printf 'A server cannot read the data of a later version. Keep PostgreSQL %s, or go back to the volume from before the upgrade (docs/operations.md).\n' "$1"
  fi
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
