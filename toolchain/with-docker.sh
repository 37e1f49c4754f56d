#!/usr/bin/env bash
# Runs a command that needs Docker. Whoever was let into its group just now is a member only in new logins, or by this.
set -euo pipefail

if ! docker version >/dev/null 2>&1 && getent group docker | cut -d: -f4 | tr , '\n' | grep -qx "$(id -un)"; then
  printf -v line '%q ' "$@"
  exec sg docker -c "$line"
fi
exec "$@"
