#!/bin/sh
# Reverts probe-table.sh. What the application itself has in the schema berth stays. Arguments as of probe-table.sh.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
id=$(of_stack ps --quiet --filter "label=$label_service=$3")
# A removed server keeps nothing.
[ -n "$id" ] || exit 0
docker exec --interactive "$id" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$4" --dbname "$5" --file - <<'SQL'
SET search_path = berth;
DO $$ BEGIN
  IF (SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = to_regclass('probe') AND attnum > 0) = 'id written' THEN
    DROP TABLE probe;
    IF NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'berth'::regnamespace) THEN
      DROP SCHEMA berth;
    END IF;
  END IF;
END $$;
SQL
