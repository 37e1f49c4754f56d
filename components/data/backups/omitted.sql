-- What a backup of this database lacks, one sentence each with what to do.
\pset format unaligned
\pset tuples_only on
SET search_path = '';
SELECT format('The server has the database %s, which no backup contains: move its data to %s, or make it a Postgres component of its own.', datname, current_database())
  FROM pg_catalog.pg_database WHERE NOT datistemplate AND datname NOT IN (current_database(), 'postgres') AND datname !~ '_(before|restoring)$' ORDER BY datname;
SELECT format('The database %s has the subscription %s, which a restore does not create: create it again after a restore.', current_database(), subname)
  FROM pg_catalog.pg_subscription JOIN pg_catalog.pg_database AS d ON subdbid = d.oid WHERE datname = current_database() ORDER BY subname;
SELECT format('The database %s has user mappings of the foreign server %s: a restore creates them without passwords, which you set again.', current_database(), srvname)
  FROM pg_catalog.pg_user_mappings GROUP BY srvname ORDER BY srvname;
SELECT format('The database %s uses the tablespace %s: a restore puts its tables into the default tablespace.', current_database(), spcname)
  FROM pg_catalog.pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY spcname;
SELECT format('The database %s has the extension %s, which cannot be restored into another database: %s.', current_database(), extname, remedy)
  FROM pg_catalog.pg_extension JOIN (VALUES ('pg_cron', 'create it in the database postgres, with cron.schedule_in_database')) AS known (name, remedy) ON name = extname;
