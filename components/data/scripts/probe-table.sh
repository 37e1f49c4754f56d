#!/bin/sh
# Makes the probe's table, berth.probe, and lets a role write to it. A table of that name which is not the probe's is refused.
# Arguments: 1 = project, 2 = stack, 3 = service, 4 = superuser, 5 = database, 6 = role.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")
[ -n "$id" ] || { echo "PostgreSQL ($3) is not running, so the probe's table cannot be made." >&2; exit 1; }
docker exec --interactive "$id" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$4" --dbname "$5" --set "role=$6" --file - <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS berth;
SET search_path = berth;
CREATE TABLE IF NOT EXISTS probe (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), written timestamptz NOT NULL DEFAULT clock_timestamp());
DO $$ BEGIN
  IF (SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'probe'::regclass AND attnum > 0) <> 'id written' THEN
    RAISE 'The application has a table berth.probe of its own. Turn the probe off with the setting backupPointInTimeProbe.';
  END IF;
END $$;
GRANT USAGE ON SCHEMA berth TO :"role";
GRANT SELECT, INSERT, DELETE ON probe TO :"role";
SQL
