# shellcheck shell=sh disable=SC2154 # follows newest.sh
# Prints the manifest of the newest release, lines of `<fingerprint> <file>`, so that only changed files are sent.
# Arguments: 1 = <project>-<stack>.
from_newest "$1" /release/release.manifest 2>/dev/null | tar --extract --to-stdout 2>/dev/null || true
