# shellcheck shell=sh disable=SC2154 # follows snapshots.sh and wal-stream.sh
# Which times the archive can restore, and from which snapshots. Times are in UTC, so that they compare as texts.

# Prints the snapshots of base backups and WAL in JSON from standard input, one a line: kind (base, wal or wal-open), chain, time of its data,
# its begin and end, id.
archived_lines() {
  sed 's/},{/}\n{/g' | awk '
    function value(key) { return match($0, "\"" key "\":\"[^\"]*\"") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5) : "" }
    match($0, /"tags":\["(base|wal|wal-open)","[^"]*"\]/) {
      split(substr($0, RSTART + 9, RLENGTH - 11), tags, "\",\"")
      print tags[1], tags[2], substr(value("time"), 1, 19), substr(value("backup_start"), 1, 19), substr(value("backup_end"), 1, 19), value("id")
    }'
}

# archived local|offsite: the same of a repository. The WAL that is still in the volume counts as that of a snapshot.
archived() {
  query "$1" snapshots --json 2>/dev/null | archived_lines
  [ "$1" = local ] || return 0
  for words in $DATABASES; do
    service=${words%%:*}
    received=$(read_note "received-$service")
    [ -z "$received" ] || received=$(iso_of "$received" | tr ' ' T)
    [ -z "$received" ] || echo "wal-open $(read_note "chain-$service") $received $received $received volume"
  done
}

# range_lines: prints service, first and last time of each range that can be restored, oldest first.
range_lines() {
  awk '
    $1 == "base" && (!($2 in from) || $5 < from[$2]) { from[$2] = $5 }
    $1 != "base" && $3 > to[$2] { to[$2] = $3 }
    END { for (chain in from) if (to[chain] > from[chain]) { service = chain; sub(/@[0-9]*$/, "", service); print service, from[chain], to[chain] } }' |
    sort -k 1,1 -k 2,2
}

# choose SERVICE TIME: prints the ids that restore it: the base backup, then WAL in its order. Prints nothing if the time is in no range.
choose() {
  sort -k 5 | awk -v service="$1" -v time="$2" '
    { name = $2; sub(/@[0-9]*$/, "", name) }
    name != service { next }
    $1 == "base" { if ($5 <= time) { bases[$2] = $6; starts[$2] = $4 }; next }
    { if ($3 > to[$2]) to[$2] = $3 }
    $1 == "wal" { count[$2]++; wal[$2, count[$2]] = $6; ends[$2, count[$2]] = $5; times[$2, count[$2]] = $3 }
    $1 == "wal-open" { open[$2] = $6 }
    END {
      for (chain in bases) if (to[chain] >= time && (best == "" || starts[chain] > starts[best])) best = chain
      if (best == "") exit
      line = bases[best]
      for (i = 1; i <= count[best]; i++) {
        if (ends[best, i] < starts[best]) continue
        line = line " " wal[best, i]
        if (times[best, i] >= time) { print line; exit }
      }
      print line (best in open ? " " open[best] : "")
    }'
}

# outdated_lines SINCE: prints the ids that no time since then needs.
outdated_lines() {
  sort -k 5 | awk -v since="$1" '
    { all[NR] = $0; if ($1 == "base" && $5 <= since) oldest[$2] = $4; if ($1 != "base" && $3 > to[$2]) to[$2] = $3 }
    END {
      for (i = 1; i <= NR; i++) {
        split(all[i], field, " ")
        chain = field[2]
        useless = to[chain] < since && field[5] < since
        early = chain in oldest && (field[1] == "base" ? field[4] : field[5]) < oldest[chain]
        if (useless || early) print field[6]
      }
    }'
}

# ranges: prints all ranges, one a line: local or offsite, service, first and last time.
ranges() {
  point_in_time || return 0
  archived local | range_lines | sed 's/^/local /'
  [ -z "$OFFSITE" ] || archived offsite | range_lines | sed 's/^/offsite /'
}

# find_time TIME|latest: prints the repository that can restore it for all databases, and the time. A new server that has not adopted the
# backups of an earlier one finds the latest time of those.
find_time() {
  point_in_time || { echo "The stack keeps no archive for point-in-time recovery. Set backupPointInTimeDays (docs/backups.md)." >&2 && return 1; }
  if [ "$1" != latest ]; then
    for where in local ${OFFSITE:+offsite}; do
      ! restorable "$where" "$1" || { echo "$where $1" && return 0; }
    done
    echo "The time $1 UTC cannot be restored. List the times with berth backups." >&2
    return 1
  fi
  where=local
  [ -z "$OFFSITE" ] || [ -n "$(read_note offsite-id)" ] || ! query offsite cat config >/dev/null 2>&1 || where=offsite
  # Of several databases, the last time that all have.
  last=$(archived "$where" | range_lines | awk '{ last[$1] = $3 } END { for (one in last) if (least == "" || last[one] < least) least = last[one]; print least }')
  if [ -n "$last" ] && restorable "$where" "$last"; then
    echo "$where $last"
  else
    echo "No time can be restored yet. The first base backup is taken after the first backup." >&2
    return 1
  fi
}

restorable() {
  archived "$1" >/tmp/archived
  for words in $DATABASES; do
    [ -n "$(choose "${words%%:*}" "$2" </tmp/archived)" ] || return 1
  done
}
