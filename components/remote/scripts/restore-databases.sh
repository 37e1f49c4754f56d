# shellcheck shell=sh disable=SC2154,SC2034 # part of restore.sh; restore-database.sh of the backups comes before
# Restores databases. The variable databases has words of the form service:database:role.

server_of() { of_stack ps --quiet --filter "label=$label_service=${1%%:*}" | head -n 1; }

each_database() {
  for words in $databases; do
    service=${words%%:*} name=${words#*:} server=$(server_of "$words")
    name=${name%%:*}
    "$@" || return 1
  done
}

restore_database() {
  model=$name
  { read_about && restore_into "${name}_restoring"; } >&2 || return 1
  cat "$work/created" >&2
  # Who may connect is a matter of the stack as it is now, and so is its owner, whose name may differ from the one at the backup.
  sql "${name}_restoring" --set "name=$name" --set "new=${name}_restoring" <<'SQL'
SELECT format('GRANT %s ON DATABASE %I TO %I', privilege_type, :'new', rolname)
  FROM pg_database, aclexplode(datacl) AS granted JOIN pg_roles ON pg_roles.oid = grantee WHERE datname = :'name' \gexec
SELECT format('REASSIGN OWNED BY %I TO %I', pg_get_userbyid(new.datdba), pg_get_userbyid(now.datdba))
  FROM pg_database AS now, pg_database AS new WHERE now.datname = :'name' AND new.datname = :'new' AND now.datdba <> new.datdba AND new.datdba <> 10 \gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', :'new', pg_get_userbyid(datdba)) FROM pg_database WHERE datname = :'name' \gexec
SQL
}

change_restored() { printf '%s' "$change" | base64 -d | sql "${name}_restoring" >&2; }

list_parts() { source_sh contents "$where" "$snapshot" "/databases/$service"; }

read_part() { source_sh dump "$where" "$snapshot" "/databases/$service/$1"; }

read_query() { docker exec "$backups" cat "/opt/berth/$1"; }

# shellcheck disable=SC2016 # for the container's shell
in_server() { docker exec --interactive "$server" sh -c 'PGUSER=$POSTGRES_USER exec "$@"' sh "$@"; }

# exchange_database FROM TO: renames a database, given the suffixes of both names.
exchange_database() {
  sql postgres --set "old=$name$1" --set "new=$name$2" --output /dev/null <<'SQL'
ALTER DATABASE :"old" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'old';
ALTER DATABASE :"old" RENAME TO :"new";
ALTER DATABASE :"new" ALLOW_CONNECTIONS true;
SQL
}

exists() { [ "$(echo "SELECT 1 FROM pg_database WHERE datname = :'name'" | sql postgres --set "name=$name$1")" = 1 ]; }

put_back() {
  ! exists _before || { ! exists "" || drop_database "" && exchange_database _before ""; }
  drop_database _restoring
}

# Prints the databases that an interrupted restore left, and (missing) if the database in use does not exist.
left_in_database() {
  sql postgres --set "name=$name" <<'SQL'
SELECT datname FROM pg_database WHERE datname IN (:'name' || '_before', :'name' || '_restoring')
UNION ALL SELECT '(missing)' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name');
SQL
}

drop_database() { echo 'DROP DATABASE IF EXISTS :"name" WITH (FORCE);' | sql postgres --set "name=$name$1" --set VERBOSITY=terse 2>/dev/null; }
