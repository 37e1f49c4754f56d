# shellcheck shell=sh disable=SC2154 # follows redis.sh
# Removes a login, which closes its connections. Does nothing if the server no longer exists. Argument: 4 = login.
[ -n "$id" ] || exit 0
printf 'ACL DELUSER %s\nACL SAVE\n' "$4" | as_operator
