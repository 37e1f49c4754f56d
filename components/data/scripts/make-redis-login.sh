# shellcheck shell=sh disable=SC2154 # follows redis.sh
# Makes a login with commands from standard input.
[ -n "$id" ] || { echo "Redis ($3) does not run, so its logins cannot be set." >&2; exit 1; }
as_operator
