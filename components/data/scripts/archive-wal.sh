#!/bin/sh
# Lets the backup role receive WAL: the attribute REPLICATION, a line in pg_hba.conf, and a limit of the WAL that the server keeps for it.
# All of it takes effect without a restart. A server whose settings do not allow it is refused, and stays as it is.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = database, 6 = role, 7 = limit in MiB.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
shift 2
id=$(of_stack ps --quiet --filter "label=$label_service=$1")
[ -n "$id" ] || { echo "PostgreSQL ($1) is not running, so its WAL cannot be archived." >&2; exit 1; }

# shellcheck disable=SC2016 # for the container's shell
docker exec --interactive "$id" sh -euc '
  service=$1 user=$2 role=$4 limit=$5
  sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "$user" --dbname postgres --set "role=$role" --set "limit=${limit}MB" --file -; }
  refuse() { echo "Point-in-time recovery of $service is not possible: $1" >&2; exit 1; }
  [ "$(echo "SHOW server_version_num" | sql)" -ge 130000 ] || refuse "it needs PostgreSQL 13 or newer."
  for minimum in max_wal_senders=3 max_replication_slots=1; do
    name=${minimum%=*}
    [ "$(echo "SHOW $name" | sql)" -ge "${minimum#*=}" ] || refuse "its setting $name is less than ${minimum#*=}. Raise it in settings of the Postgres component, which restarts the server."
  done
  [ "$(echo "SHOW wal_level" | sql)" != minimal ] || refuse "its setting wal_level is minimal. Remove it from settings of the Postgres component, which restarts the server."
  [ "$(echo "SELECT count(*) FROM pg_tablespace" | sql)" -le 2 ] || refuse "it has tablespaces."
  file=$(echo "SHOW hba_file" | sql)
  line="host replication \"$role\" all scram-sha-256"
  if ! grep -qxF "$line" "$file"; then
    umask 077
    cp "$file" "$file.berth-before"
    { cat "$file" && echo "$line"; } >"$file.berth-new"
    mv "$file.berth-new" "$file"
  fi
  problem=$(echo "SELECT format(E'"'"'line %s: %s'"'"', line_number, error) FROM pg_hba_file_rules WHERE error IS NOT NULL LIMIT 1" | sql) || problem="it cannot be read"
  if [ -n "$problem" ]; then
    [ ! -e "$file.berth-before" ] || mv "$file.berth-before" "$file"
    refuse "PostgreSQL does not accept $file: $problem."
  fi
  rm -f "$file.berth-before"
  sql <<SQL
ALTER ROLE :"role" REPLICATION;
ALTER SYSTEM SET max_slot_wal_keep_size = :'"'limit'"';
SELECT pg_reload_conf() \g /dev/null
SQL
' sh "$@"
