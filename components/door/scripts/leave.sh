# shellcheck shell=sh disable=SC2154 # follows routes.sh
# Removes a stack's route. Arguments as of route.sh, but the names are ignored.
set -eu
is_running "$sandbox" || exit 0
generation=$(change_routes "$4" "$5")
reload "$generation"
