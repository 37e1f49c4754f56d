# shellcheck shell=sh disable=SC2154,SC2034 # part of restore.sh
# Restores databases. The variable databases has words of the form service:database:role.

server_of() { of_stack ps --quiet --filter "label=$label_service=${1%%:*}" | head -n 1; }

each_database() {
  for words in $databases; do
    service=${words%%:*} name=${words#*:} server=$(server_of "$words")
    name=${name%%:*}
    "$@" || return 1
  done
}

# Runs SQL from standard input as the superuser. $1 = database, the rest = options of psql.
sql() {
  on=$1
  shift
  # shellcheck disable=SC2016 # for the container's shell
  docker exec --interactive "$server" sh -c 'on=$1; shift; exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$on" "$@" --file -' sh "$on" "$@"
}

restore_database() {
  sql postgres --set "name=$name" --set "new=${name}_restoring" <<'SQL' || return 1
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'new', pg_get_userbyid(datdba),
    pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = :'name' \gexec
REVOKE ALL ON DATABASE :"new" FROM PUBLIC;
SELECT format('GRANT %s ON DATABASE %I TO %I', privilege_type, :'new', rolname)
  FROM pg_database, aclexplode(datacl) AS granted JOIN pg_roles ON pg_roles.oid = grantee WHERE datname = :'name' \gexec
SQL
  owner=$(echo "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'" | sql postgres --set "name=$name" --tuples-only --no-align)
  dump | in_server pg_restore --list >"$work/list" || return 1
  # The superuser restores extensions, the owner everything else.
  if grep ' EXTENSION - ' "$work/list" | grep -v COMMENT >"$work/extensions"; then
    copy_to_server extensions && dump | in_server pg_restore --exit-on-error --dbname "${name}_restoring" --use-list /tmp/extensions || return 1
  fi
  grep -v ' EXTENSION ' "$work/list" >"$work/others"
  copy_to_server others && dump | in_server pg_restore --exit-on-error --no-owner --no-privileges --role "$owner" --dbname "${name}_restoring" --use-list /tmp/others || return 1
  compare_facts
}

dump() { backups_sh dump "$where" "$snapshot" "/databases/$service/dump"; }

# shellcheck disable=SC2016 # for the container's shell
in_server() { docker exec --interactive "$server" sh -c 'PGUSER=$POSTGRES_USER exec "$@"' sh "$@"; }

copy_to_server() { docker exec --interactive "$server" sh -c "cat >/tmp/$1" <"$work/$1"; }

# Compares the rows of each table and the migrations with the facts in the backup.
compare_facts() {
  docker exec "$backups" cat /opt/berth/facts.sql | sql "${name}_restoring" >"$work/restored" || return 1
  backups_sh dump "$where" "$snapshot" "/databases/$service/facts" >"$work/dumped" || return 1
  diff "$work/dumped" "$work/restored" >&2 || {
    say "The restored database differs from the dumped one (< dumped, > restored)."
    return 1
  }
}

# exchange_database FROM TO: renames a database, given the suffixes of both names.
exchange_database() {
  sql postgres --set "old=$name$1" --set "new=$name$2" --output /dev/null <<'SQL'
ALTER DATABASE :"old" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'old';
ALTER DATABASE :"old" RENAME TO :"new";
ALTER DATABASE :"new" ALLOW_CONNECTIONS true;
SQL
}

exists() { [ "$(echo "SELECT 1 FROM pg_database WHERE datname = :'name'" | sql postgres --set "name=$name$1" --tuples-only --no-align)" = 1 ]; }

put_back() {
  ! exists _before || { ! exists "" || drop_database "" && exchange_database _before ""; }
  drop_database _restoring
}

# Prints the databases that an interrupted restore left, and (missing) if the database in use does not exist.
left_in_database() {
  sql postgres --set "name=$name" --tuples-only --no-align <<'SQL'
SELECT datname FROM pg_database WHERE datname IN (:'name' || '_before', :'name' || '_restoring')
UNION ALL SELECT '(missing)' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name');
SQL
}

drop_database() { echo 'DROP DATABASE IF EXISTS :"name" WITH (FORCE);' | sql postgres --set "name=$name$1" --set VERBOSITY=terse 2>/dev/null; }
