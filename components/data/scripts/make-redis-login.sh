# shellcheck shell=sh disable=SC2154 # follows redis.sh
# Creates a login with commands from standard input.
[ -n "$id" ] || { echo "Redis ($3) is not running, so its logins cannot be set." >&2; exit 1; }
as_operator
