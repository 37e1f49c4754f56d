#!/usr/bin/env bash
# Shows logs: logs.sh <stack> <service, or nothing for all> <lines> <anything to follow>.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

readonly service=${2:-} lines=${3:-100} follow=${4:-}
[[ $lines =~ ^[0-9]+$ ]] || fail "LINES is a number, e.g. $(call "logs LINES=500")"
# With a terminal over there, its interrupt ends what runs there too.
terminal=()
[ -z "$follow" ] || [ ! -t 0 ] || [ ! -t 1 ] || terminal=(--tty)
on_server "${terminal[@]}" logs.sh "$service" "$lines" "$follow"
