# shellcheck shell=sh disable=SC2154 # part of upgrade.sh
# Locks all tables of the old server against writers, in a session for each database. Readers continue.

# The sessions read from a pipe and end, with their locks, when this script closes it. lock_tables is lock-tables.sql.
hold_writers() {
  mkfifo "$work/pipe"
  holders=
  databases=$(ask "$current" postgres 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1')
  number=0
  while read -r database; do
    number=$((number + 1))
    docker exec --interactive "$current" psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 \
      --username "$superuser" --dbname "$database" \
      --command "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout')" \
      --command BEGIN --command "$lock_tables" --command '\echo held' --command '\! cat' \
      <"$work/pipe" >"$work/held-$number" 2>"$work/held-$number.log" &
    holders="$holders $!"
  done <<END
$databases
END
  exec 3>"$work/pipe"
  for one in $(seq "$number"); do
    until grep -qx held "$work/held-$one"; do
      still_held || {
        cat "$work/held-$one.log" >&2
        stop_here "The tables could not be locked against writers, perhaps because a transaction stays open. Find it (SELECT * FROM pg_stat_activity), end it, then deploy again."
      }
      sleep 0.1
    done
  done
}

still_held() { for holder in $holders; do kill -0 "$holder" 2>/dev/null || return 1; done; }
