# shellcheck shell=sh disable=SC2154 # follows journal.sh and dump.sh
# The probe writes a row a minute with its time, in a schema of its own (berth.probe), and remembers when. A drill compares a recovered
# time with these rows. Off unless the stack allows it, as the schema appears in the application's database.

probes() { [ -n "${PROBE:-}" ]; }

# write_probe SERVICE DATABASE ROLE: remembers each row with the seconds before and after its commit.
write_probe() {
  after "probe-$1" 60 || return 0
  # A restore removed the rows since its time.
  last=$(tail -n 1 "$journal/probed-$1" 2>/dev/null | cut -d ' ' -f 1)
  [ -z "$last" ] || [ "$(in_database "$@" "SELECT count(*) FROM berth.probe WHERE id = '$last'")" = 1 ] || rm "$journal/probed-$1"
  before=$(date +%s)
  row=$(PGOPTIONS='-c default_transaction_read_only=off' in_database "$@" "DELETE FROM berth.probe WHERE written < now() - interval '$((POINT_IN_TIME_DAYS + 2)) days';
    INSERT INTO berth.probe DEFAULT VALUES RETURNING id") || return 1
  note "probe-$1" "$(date +%s)"
  { tail -n $((POINT_IN_TIME_DAYS * 1440)) "$journal/probed-$1" 2>/dev/null; echo "$row $before $(date +%s)"; } >"$journal/probed-$1.new"
  mv "$journal/probed-$1.new" "$journal/probed-$1"
}

# compare_probe SERVICE DATABASE ROLE TIME: rows committed before the time must be there, and later ones must not. A row that was written
# within its second may be either.
compare_probe() {
  limit=$(seconds_of "$4")
  there=$(PGHOST=$recovered in_recovered "$2" "$3" "SELECT id FROM berth.probe") || { echo "The recovered database $2 has no rows of the probe." && return 1; }
  printf '%s\n' "$there" >/tmp/probe-there
  known=$journal/probed-$1
  [ -e "$known" ] || known=/dev/null
  awk -v limit="$limit" 'NR == FNR { there[$1] = 1; next }
    $3 < limit && !($1 in there) { print "The row " $1 " of the probe, written at " $3 ", is missing."; failed = 1 }
    $2 > limit + 1 && $1 in there { print "The row " $1 " of the probe, written at " $2 ", is later than the time."; failed = 1 }
    $3 < limit && $1 in there { found++ }
    END { if (!failed) printf ", %d rows of the probe", found; exit failed }' /tmp/probe-there "$known"
}

in_recovered() { PGDATABASE=$1 PGUSER=$2 psql --no-psqlrc --quiet --tuples-only --no-align --command "$3"; }
