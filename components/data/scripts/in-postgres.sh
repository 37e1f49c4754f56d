#!/bin/sh
# Runs SQL from standard input as the superuser inside the container of a PostgreSQL server, which it finds by its labels.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = database.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")
[ -n "$id" ] || { echo "PostgreSQL ($3) is not running, so its roles cannot be set." >&2; exit 1; }
# One at a time: PostgreSQL fails if two sessions change the rights in a database at once ("tuple concurrently updated").
docker exec --interactive "$id" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$4" --dbname "$5" --output /dev/null \
  --command 'SELECT pg_advisory_lock(1)' --file -
