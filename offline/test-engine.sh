#!/usr/bin/env bash
# Tests the Pulumi plugins where they are built from source; the official ones need no test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -e .pulumi-home/installed ]; then
  echo "This machine has a Pulumi of its own: our plugins are not used, so they are not tested."
  exit 0
fi
go=$(command -v go || true)
oldest=$(sed -n 's/^go //p' offline/go/engine/go.mod)
if [ -z "$go" ] || [ "$(printf '%s\n' "$oldest" "$("$go" env GOVERSION | sed 's/^go//')" | sort -V | head -n 1)" != "$oldest" ]; then
  go=.pulumi-home/go/go/bin/go
fi
if [ ! -x "$go" ]; then
  echo "The engine was downloaded, not built: our plugins are not used, so they are not tested."
  exit 0
fi
go=$(realpath "$go")
# The same flags as the build, so that its cache is used.
export CGO_ENABLED=0 GOWORK=off
for module in engine plugins; do
  cd "offline/go/$module"
  "$go" vet -trimpath -tags no_compose ./...
  "$go" test -trimpath -tags no_compose ./...
  cd - >/dev/null
done
