#!/usr/bin/env bash
# Asks the container that keeps a stack's backups: backups.sh <stack> backup [adopt] | drill | list.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

case $2 in
  backup) if [ "${3-}" = adopt ]; then on_server backups.sh adopt; else on_server backups.sh backup manual; fi </dev/null ;;
  drill) on_server backups.sh drill </dev/null ;;
  list) on_server backups.sh snapshots </dev/null | node "$berth/operate/list-backups.mts" ;;
esac
