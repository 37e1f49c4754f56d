-- Locks all tables of a database against writers. A writer may lock the tables in another order, which is a deadlock.
-- PostgreSQL detects deadlocks after one second, and might cancel the writer. So this gives up before and starts again with the table
-- that it could not lock, for up to a minute. While it waits for its first table, it holds no locks.
DO $$
DECLARE relation regclass; taken_first timestamptz; wanted oid[]; ends timestamptz := clock_timestamp() + '60 s'::interval;
BEGIN
  LOOP
    BEGIN
      taken_first := NULL;
      FOR relation IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
        AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        ORDER BY array_position(wanted, oid) NULLS LAST, oid
      LOOP
        IF clock_timestamp() > taken_first + '0.5 s'::interval THEN RAISE lock_not_available; END IF;
        PERFORM set_config('lock_timeout', CASE WHEN taken_first IS NULL THEN '10s' ELSE '300ms' END, true);
        EXECUTE format('LOCK TABLE ONLY %s IN EXCLUSIVE MODE', relation);
        taken_first := coalesce(taken_first, clock_timestamp());
      END LOOP;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > ends THEN RAISE; END IF;
      wanted := relation::oid || array_remove(wanted, relation::oid);
    END;
    PERFORM pg_sleep(0.1 + 0.2 * random());
  END LOOP;
END $$
