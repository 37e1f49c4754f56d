# shellcheck shell=sh disable=SC2034 # follows apt.sh, which reads $limit
# Updates the lists of packages, so that the versions that would be installed are known. Arguments: 1 = timeout in seconds.
limit=$1
update_lists
