#!/usr/bin/env bash
# Unpacks Debian's Prometheus into .tools, for tests: installed, it would start a service on this machine. Prints the folder of its programs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=machine.sh
. toolchain/machine.sh

download_prometheus() {
  local downloads
  downloads=$(mktemp -d)
  (cd "$downloads" && apt-get download prometheus)
  rm -rf "$folder"
  dpkg-deb --extract "$downloads"/prometheus_*.deb "$folder"
  rm -rf "$downloads"
}

readonly folder=$PWD/.tools/prometheus
if [ ! -x "$folder/usr/bin/prometheus" ]; then
  announced "downloading Prometheus" download_prometheus >&2
fi
printf '%s\n' "$folder/usr/bin"
