#!/usr/bin/env bash
# Runs a command in a service's container: exec.sh <stack> <service>. The command is a line for the container's shell
# and stands in BERTH_COMMAND, so that make does not read it; without one, that shell itself.
# Interactive at a terminal; elsewhere it gets this one's standard input.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

command=(sh)
[ -z "${BERTH_COMMAND:-}" ] || command+=(-c "$BERTH_COMMAND")
if [ -t 0 ] && [ -t 1 ]; then
  on_server --tty exec.sh "${2:-}" -it "${command[@]}"
else
  on_server exec.sh "${2:-}" -i "${command[@]}"
fi
