# shellcheck shell=sh disable=SC2154 # follows redis.sh
# Removes a login, which ends its connections. A server that is not there any more has none. Argument: 4 = login.
[ -n "$id" ] || exit 0
printf 'ACL DELUSER %s\nACL SAVE\n' "$4" | as_operator
