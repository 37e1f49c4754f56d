-- For psql with PGHOST, PGDATABASE, PGUSER, FOLDER and the variable facts, a file. pg_dump does not compress, so that restic can
-- deduplicate; restic compresses.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --snapshot "$SNAPSHOT" --format custom --compress 0 --file "$FOLDER/dump" && touch "$FOLDER/complete"
\o :facts
\i /opt/berth/facts.sql
COMMIT;
