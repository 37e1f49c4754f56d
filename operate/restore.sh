#!/usr/bin/env bash
# Restores a backup into a running stack, after asking: restore.sh <stack> [which] [yes] [no safety backup: no].
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

found=$(on_server backups.sh find "${2:-latest}" </dev/null)
read -r where id taken <<<"$found"
printf 'This brings the stack %s back to the backup %s, taken %s (%s).\n' "$stack" "${id:0:8}" "$(date -d "$taken" '+%F %T')" "$where"
printf 'What was entered since then is gone from it%s. It is away meanwhile.\n' "$([ "${4:-yes}" = no ] || echo ", but kept in a backup of its own")"
if [ "${3:-}" != yes ]; then
  [ -t 0 ] || fail "Nobody is there to be asked. To go on without: $(call restore) YES=1"
  read -r -p "Type the stack's name to go on: " said
  [ "$said" = "$stack" ] || fail "Nothing was changed."
fi
on_server restore.sh "$where" "${id:0:8}" "${4:-yes}" "$expected" </dev/null
