-- For psql with PGHOST, PGDATABASE, PGUSER, FOLDER and the variable folder. pg_dump does not compress, so that restic can
-- deduplicate; restic compresses.
-- The session waits for pg_dump, and reads every table: limits of the server's or the database's settings must not end it.
SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN
  ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout') \g /dev/null
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --snapshot "$SNAPSHOT" --format custom --compress 0 --file "$FOLDER/dump" && touch "$FOLDER/complete"
\cd :folder
\o facts
\i /opt/berth/facts.sql
\cd about
\o objects
\i /opt/berth/objects.sql
\i /opt/berth/database.sql
\o omitted
\i /opt/berth/omitted.sql
COMMIT;
