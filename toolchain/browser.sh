#!/usr/bin/env bash
# Makes sure that a Chromium is on this machine, for the tests of the page, and prints its path.
# For Debian 12, as root or as a user with sudo; elsewhere any Chromium or Chrome that is installed already is taken.
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
apt_install chromium || fail "no Chromium could be installed. Install Chromium or Chrome yourself and try again."
find_browser || fail "the package chromium brought no program of that name. Install Chromium or Chrome yourself."
