# shellcheck shell=sh disable=SC2034,SC2154 # follows recover.sh and probe.sh
# Proves that a random time can be restored: recovers it, reads every table, and compares the rows of the probe, if it is on.

prove_point_in_time() {
  for words in $DATABASES; do
    # shellcheck disable=SC2046 # service, database, role
    prove_time_of $(echo "$words" | tr : ' ') || { stop_recovered && return 1; }
    stop_recovered
    rm -rf "$place"
  done
}

prove_time_of() {
  place=$stage/time/$1
  range=$(archived local | range_lines | awk -v service="$1" '$1 == service { line = $0 } END { print line }')
  [ -n "$range" ] || { echo "$1: no time can be restored yet, as there is no base backup" && return 0; }
  time=$(random_time "${range#* }")
  size=$(base_size local "$time" "$1") && room_for "a drill" "$size" || return 1
  recover "$stage/time" local "$time" "$1" || return 1
  tables=$(PGHOST=$recovered PGDATABASE=$2 PGUSER=$3 psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file "$here/facts.sql") || return 1
  compared=""
  ! probes || compared=$(compare_probe "$@" "$time") || { echo "$compared" && return 1; }
  printf '%s at %s UTC: %s%s\n' "$1" "$time" "$(printf '%s\n' "$tables" | awk -F '|' '/^rows/ { tables++; rows += $2 } END { printf "%d rows in %d tables", rows, tables }')" "$compared"
}

# random_time "FROM TO": a time between both, in UTC.
random_time() {
  first=$(seconds_of "${1% *}") last=$(seconds_of "${1#* }")
  random=$(od -An -N 4 -t u4 /dev/urandom | tr -d ' ')
  iso_of $((first + random % (last - first + 1))) | tr ' ' T
}

seconds_of() { TZ=UTC date -d "$(echo "$1" | tr T ' ')" +%s; }
