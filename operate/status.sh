#!/usr/bin/env bash
# Shows how a stack is, and fails when something is not well: status.sh <stack>.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

on_server status.sh "$url" "$release" "$expected" "$leaving"
