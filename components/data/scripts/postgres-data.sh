#!/bin/sh
# shellcheck disable=SC2034 # for the script that follows
# Verifies that a PostgreSQL server will find data of its own major version that its image sorts in the same way, before anything stops
# the running server, and that its database and superuser have the names with which they were created. Upgrades the data where the
# configuration consents to it: upgrade/upgrade.sh then follows this file.
# The variables mount (where the container mounts the volume), pgdata (its PGDATA, or nothing), reindex (consent to another sort order,
# or nothing) and database (its name) precede the call.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = image, 6 = volume, 7 = uid:gid, 8 = memory in MiB,
# 9 = the upgrade with consent ("15 -> 17", or nothing), the rest = the server's command.
main() {
  project=$1 stack=$2 service=$3 superuser=$4 image=$5 volume=$6 account=$7 memory=$8 consent=$9
  shift 9
  wanted=$(on_volume "$volume" postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
  [ -n "$wanted" ] || fail "The version of PostgreSQL in the image ${image%@*} cannot be determined."
  find_data
  found=$(version_on "$volume")
  [ -z "$found" ] || [ "$found" = "$wanted" ] ||
    fail "The volume $volume has data of PostgreSQL $found, and the image ${image%@*} is PostgreSQL $wanted. Nothing was changed.
$(how_to "$found")"

  current=$(of_stack ps --all --quiet --no-trunc --filter "label=$label_service=$service" | head -n 1)
  [ -n "$current" ] || return 0
  environment=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$current")
  require_same_name database POSTGRES_DB "$database"
  require_same_name superuser POSTGRES_USER "$superuser"
  current_volume=$(docker inspect --format "{{range .Mounts}}{{if eq .Destination \"/var/lib/postgresql/data\" \"/var/lib/postgresql\"}}{{.Name}}{{end}}{{end}}" "$current")
  [ "$current_volume" != "$volume" ] || {
    [ -z "$found" ] || require_same_order
    return 0
  }
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
    fail "The server is PostgreSQL $running, and the image ${image%@*} is PostgreSQL $wanted. Nothing was changed.
$(how_to "$running")"
  upgrade "$@"
}

# PostgreSQL creates both with its first start only, and renames neither. $1 = what, $2 = its variable, $3 = its name now.
require_same_name() {
  former=$(printf '%s\n' "$environment" | sed -n "s/^$2=//p")
  [ -z "$former" ] || [ "$former" = "$3" ] ||
    fail "PostgreSQL's $1 is $former, and the configuration names it $3, which does not exist: a change renames nothing. Nothing was changed.
Set it back to $former (argument ${1#super} of Postgres, or the setting it comes from). A new stack can have the other name."
}

# Runs a command in a container of the image, or of of_image, with a volume. $1 = volume.
on_volume() {
  mounted=$1
  shift
  docker run --rm --network none --user "$account" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --mount "type=volume,source=$mounted,target=$mount" --entrypoint /usr/bin/env "${of_image:-$image}" "$@"
}

# Sets `data`, the place of the server's data: it must be on the volume.
find_data() {
  data=${pgdata:-$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$image" | sed -n 's/^PGDATA=//p')}
  data=${data:-$mount}
  case $data in
    "$mount" | "$mount"/*) ;;
    *) fail "The image ${image%@*} keeps its data in $data, and the volume is mounted at $mount: the data would be lost. Nothing was changed.
Name the major version in the image's tag, e.g. 18 or pg18. For an image with another place, set env: { PGDATA: \"$mount\" } of Postgres." ;;
  esac
}

# Another C library, or another version of it, may sort text in another way. Indexes in the old order miss rows.
require_same_order() {
  previous=$(docker inspect --format '{{.Image}}' "$current")
  [ "$previous" != "$(docker image inspect --format '{{.Id}}' "$image")" ] || return 0
  before=$(of_image=$previous library)
  now=$(library)
  [ "$before" != "$now" ] && [ "$reindex" != "$before -> $now" ] || return 0
  affected=$(sorted_by_library) || affected="those of the server, which does not run"
  [ -z "$affected" ] || fail "The image ${image%@*} sorts text by $now, and the data on the volume $volume is sorted by $before (databases: $affected).
Its indexes would miss rows, without an error. Nothing was changed. Keep an image with $before; or copy the data: npx berth backup, set
another \`volume\` of Postgres, npx berth up, npx berth restore; or consent to new indexes: reindex: \"$before -> $now\" (docs/operations.md)."
}

library() { on_volume "$volume" sh -c 'if ls /lib/ld-musl-* >/dev/null 2>&1; then echo musl; else getconf GNU_LIBC_VERSION; fi'; }

# Prints the databases that sort by the C library. The locales C and POSIX are the same in all.
sorted_by_library() {
  docker exec "$current" psql --quiet --no-psqlrc --no-align --tuples-only --username "$superuser" --dbname postgres --command \
    "SELECT string_agg(datname, ', ' ORDER BY datname) FROM pg_database AS d WHERE datallowconn AND coalesce(to_jsonb(d)->>'datlocprovider', 'c') = 'c' AND datcollate !~* '^(c([.]|\$)|posix)'"
}

runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1")" = true ]; }

# The major version of the data on a volume, in the place of earlier images or in that of PostgreSQL 18 and later.
version_on() { on_volume "$1" sh -c "for file in $mount/PG_VERSION $mount/*/docker/PG_VERSION; do [ ! -s \$file ] || cat \$file; done | sort -n | tail -n 1"; }

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
