#!/bin/sh
# Reverts archive-wal.sh, and drops the replication slot: a server keeps WAL for a slot that nobody reads. Arguments as of archive-wal.sh.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
shift 2
id=$(of_stack ps --quiet --filter "label=$label_service=$1")
# A removed server keeps nothing.
[ -n "$id" ] || exit 0
# shellcheck disable=SC2016 # for the container's shell
docker exec --interactive "$id" sh -euc '
  user=$2 role=$4
  sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "$user" --dbname postgres --set "role=$role" --file -; }
  # A receiver that still runs cannot connect again.
  sql <<SQL
SELECT format('"'ALTER ROLE %I NOREPLICATION'"', rolname) FROM pg_roles WHERE rolname = :'"'role'"' \gexec
SQL
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    sql <<SQL
SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"'berth_backups'"' AND active \g /dev/null
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"'berth_backups'"' AND NOT active \g /dev/null
SQL
    [ "$(echo "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"'berth_backups'"'" | sql)" != 0 ] || break
    sleep 0.5
  done
  file=$(echo "SHOW hba_file" | sql)
  umask 077
  grep -vxF "host replication \"$role\" all scram-sha-256" "$file" >"$file.berth-new" && mv "$file.berth-new" "$file"
  sql <<SQL
ALTER SYSTEM RESET max_slot_wal_keep_size;
SELECT pg_reload_conf() \g /dev/null
SQL
  [ "$(echo "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"'berth_backups'"'" | sql)" = 0 ] || {
    echo "The replication slot berth_backups of the database $1 is still in use. Drop it: SELECT pg_drop_replication_slot('"'berth_backups'"')" >&2
    exit 1
  }' sh "$@"
