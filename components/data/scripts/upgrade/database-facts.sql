-- The content of a database, one fact a line. Both servers of an upgrade must print the same. Of an extension, only its name, as another
-- version may contain other objects.
SET search_path = '';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
CREATE TEMPORARY VIEW own AS SELECT c.* FROM pg_catalog.pg_class c
  WHERE relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema') OR nspname LIKE 'pg\_toast%' OR nspname LIKE 'pg\_temp%')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
SELECT 'extension', extname, extnamespace::regnamespace FROM pg_catalog.pg_extension ORDER BY extname;
SELECT 'schema', nspname, pg_get_userbyid(nspowner) FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\_%' ORDER BY nspname;
SELECT 'relation', oid::regclass, relkind, pg_get_userbyid(relowner) FROM own ORDER BY oid::regclass::text COLLATE "C";
SELECT 'function', p.oid::regprocedure, pg_get_userbyid(proowner) FROM pg_catalog.pg_proc p WHERE pronamespace IN (SELECT relnamespace FROM own UNION SELECT 'public'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT 'trigger', tgname, tgrelid::regclass, tgenabled FROM pg_catalog.pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text COLLATE "C", tgname;
SELECT 'constraint', conname, conrelid::regclass, convalidated FROM pg_catalog.pg_constraint WHERE conrelid IN (SELECT oid FROM own) AND contype <> 'n' ORDER BY conrelid::regclass::text COLLATE "C", conname;
SELECT 'large objects', count(*) FROM pg_catalog.pg_largeobject_metadata;
SELECT format('SELECT ''rows'', %L, count(*), sum(hashtextextended(t::text, 0)::numeric) FROM ONLY %s t', oid::regclass, oid::regclass) FROM own WHERE relkind IN ('r', 'm') ORDER BY oid::regclass::text COLLATE "C" \gexec
SELECT format('SELECT ''sequence'', %L, last_value, is_called FROM %s', oid::regclass, oid::regclass) FROM own WHERE relkind = 'S' ORDER BY oid::regclass::text COLLATE "C" \gexec
