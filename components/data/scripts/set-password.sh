#!/bin/sh
# Gives a role of PostgreSQL the password in a file inside the container.
# Arguments: 1 = container, 2 = role, 3 = database, 4 = file.
docker exec -i "$1" psql --quiet --no-psqlrc --username "$2" --dbname "$3" \
  --set ON_ERROR_STOP=1 --set role="$2" --set file="$4" <<'END'
\set password `cat :file`
ALTER ROLE :"role" PASSWORD :'password';
END
