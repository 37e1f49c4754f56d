# shellcheck shell=sh disable=SC2154 # follows health.sh's notes
# Reports how far behind the archive of point-in-time recovery is, from the journal.

# Five times what it should be at most.
readonly ARCHIVE_IS_BEHIND=300
# Percentage of the WAL that the database keeps for the archive at most, from which it is reported.
readonly MUCH_IS_KEPT=25
# A day, and an hour for the base backup.
readonly BASE_IS_OLD=90000

# archived_until SERVICE: prints the time up to which everything is archived; nothing before the first round.
archived_until() { read_note "archived-$1"; }

archive_status() {
  for words in $DATABASES; do
    service=${words%%:*}
    archived=$(archived_until "$service") kept=$(read_note "kept-$service" "0 0")
    to="on this server only"
    [ -z "$OFFSITE" ] || to=off-site
    if [ -z "$archived" ]; then
      echo "Point-in-time archive of $service: nothing yet"
    else
      echo "Point-in-time archive of $service: $(ago "$archived") behind, $to; the database keeps ${kept% *} MiB for it"
    fi
  done
}

judge_archive() {
  for words in $DATABASES; do
    service=${words%%:*}
    archived=$(archived_until "$service")
    [ "$(($(date +%s) - ${archived:-$(read_note archive-since 0)}))" -le "$ARCHIVE_IS_BEHIND" ] ||
      problem "Point-in-time: the archive of $service is more than $((ARCHIVE_IS_BEHIND / 60)) min behind.$(reason_of "archive-failure-$service")"
    kept=$(read_note "kept-$service" "0 0")
    [ "${kept#* }" -le 0 ] || [ $((${kept% *} * 100 / ${kept#* })) -lt "$MUCH_IS_KEPT" ] ||
      problem "Point-in-time: the database $service keeps more than $MUCH_IS_KEPT % of the WAL that it keeps for the archive at most."
    [ -z "$(read_note "gap-$service")" ] ||
      problem "Point-in-time: the archive of $service was interrupted, and no base backup was taken since.$(reason_of "gap-$service")"
    base=$(read_note "base-$service" "$(read_note archive-since 0)")
    [ "$(($(date +%s) - ${base%% *}))" -le "$BASE_IS_OLD" ] ||
      problem "Point-in-time: the last base backup of $service is too old.$(reason_of base-failure)"
  done
}

reason_of() {
  reason=$(read_note "$1")
  [ -z "$reason" ] || printf ' %s' "${reason#* }"
}

# Prints the problems of the archive, one a line, without their reasons, which change.
archive_state() {
  problems=""
  ! point_in_time || judge_archive
  [ -z "$problems" ] || printf '%s\n' "$problems" | sed '/^$/d; s/^ *//; s/^\(Point-in-time: [^.]*\.\).*/\1/'
}
