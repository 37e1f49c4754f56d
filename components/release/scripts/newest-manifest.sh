# shellcheck shell=sh disable=SC2154 # follows newest.sh
# Prints the manifest of the newest release, a line `<fingerprint> <file>` each, so that only what differs has to be sent.
# Arguments: 1 = <project>-<stack>.
from_newest "$1" /release/release.manifest 2>/dev/null | tar --extract --to-stdout 2>/dev/null || true
