#!/usr/bin/env bash
# Installs Chromium for the tests of the page if it is missing, and prints its path.
# For Debian 12, as root or as a user with sudo; elsewhere it uses an installed Chromium or Chrome.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$(dirname "${BASH_SOURCE[0]}")/machine.sh"

find_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  return 1
}

find_browser && exit 0
become_root "$@"
apt_install chromium || fail "Chromium could not be installed. Install Chromium or Chrome yourself and try again."
find_browser || fail "the package chromium contains no such program. Install Chromium or Chrome yourself."
