#!/bin/sh
# Terminates the sessions of a login role and drops it. Does nothing if the server no longer exists.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = database, 6 = owner, 7 = login.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")
[ -n "$id" ] || exit 0
docker exec --interactive "$id" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$4" --dbname "$5" --output /dev/null \
  --set "owner=$6" --set "login=$7" --command 'SELECT pg_advisory_lock(1)' --file - <<'SQL'
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :'login';
SELECT format('REASSIGN OWNED BY %I TO %I', rolname, :'owner') FROM pg_roles WHERE rolname = :'login' \gexec
SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles WHERE rolname = :'login' \gexec
DROP ROLE IF EXISTS :"login";
SQL
