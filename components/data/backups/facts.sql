-- Facts that a restored database must share with the dumped one, one a line: the rows of each table, and a hash of each table in which a
-- framework records its migrations.
\pset format unaligned
\pset tuples_only on
SET search_path = '';
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT format('SELECT %L, count(*) FROM %I.%I', 'rows ' || schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY schemaname COLLATE "C", tablename COLLATE "C" \gexec
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %I.%I AS t',
    'migrations ' || schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_catalog.pg_tables WHERE tablename ~ 'migration|^alembic_version$' AND schemaname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY schemaname COLLATE "C", tablename COLLATE "C" \gexec
