#!/bin/sh
# Rebuilds all indexes of a PostgreSQL server whose C library sorts text in another way than before, and records the library's version.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")
[ -n "$id" ] || { echo "PostgreSQL ($3) is not running, so its indexes cannot be rebuilt." >&2; exit 1; }
docker exec "$id" reindexdb --quiet --all --username "$4" || exit
# PostgreSQL 14 and earlier record no version of a database.
docker exec --interactive "$id" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$4" --dbname postgres --output /dev/null --file - <<'SQL'
SELECT format('ALTER DATABASE %I REFRESH COLLATION VERSION', datname) FROM pg_database
  WHERE datallowconn AND current_setting('server_version_num')::int >= 150000 \gexec
SQL
