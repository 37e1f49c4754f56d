-- Facts that a restored database must share with the dumped one, one a line: the rows of each table, and a hash of each table in which a
-- framework records its migrations. Of an extension's tables, pg_dump dumps only those that the extension names.
\pset format unaligned
\pset tuples_only on
SET search_path = '';
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT format('SELECT %L, count(*) FROM %I.%I', 'rows ' || nspname || '.' || relname, nspname, relname)
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' AND c.oid <> ALL (coalesce(extconfig, '{}')))
  ORDER BY nspname COLLATE "C", relname COLLATE "C" \gexec
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %I.%I AS t',
    'migrations ' || schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_catalog.pg_tables WHERE tablename ~ 'migration|^alembic_version$' AND schemaname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY schemaname COLLATE "C", tablename COLLATE "C" \gexec
