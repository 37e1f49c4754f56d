-- What pg_dump leaves out of the dump of a database, or puts under the database's own name. For psql, which writes into this folder:
--   create.sql    creates the roles that own objects or have privileges, without login, and the database :"database"
--   settings.sql  the settings of the database, and of roles in it
--   preload       shared_preload_libraries of the server, which extensions may need
SET search_path = '';
\o preload
SELECT setting FROM pg_catalog.pg_settings WHERE name = 'shared_preload_libraries';
\o create.sql
SELECT format(E'SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %L) AS present \\gset\n\\if :present\n\\else\nCREATE ROLE %I NOLOGIN;\n\\echo %L\n\\endif',
    rolname, rolname, 'Created the role ' || rolname || ' without login and memberships, as the backup has no passwords.')
  FROM pg_catalog.pg_roles AS r WHERE rolname !~ '^pg_' AND (oid = 10
    OR EXISTS (SELECT FROM pg_catalog.pg_shdepend JOIN pg_catalog.pg_database AS d ON datname = current_database()
      WHERE refclassid = 'pg_catalog.pg_authid'::regclass AND refobjid = r.oid
      AND (dbid = d.oid OR dbid = 0 AND classid = 'pg_catalog.pg_database'::regclass AND objid = d.oid))
    OR EXISTS (SELECT FROM pg_catalog.pg_database AS d LEFT JOIN pg_catalog.pg_db_role_setting AS s ON setdatabase = d.oid
      WHERE datname = current_database() AND (datdba = r.oid OR setrole = r.oid)))
  ORDER BY rolname;
SELECT format('CREATE DATABASE :"database" OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_catalog.pg_get_userbyid(datdba),
    pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype)
  || CASE all_of->>'datlocprovider'
    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(all_of->>'datlocale', all_of->>'daticulocale'))
    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', all_of->>'datlocale')
    WHEN 'c' THEN ' LOCALE_PROVIDER libc'
    ELSE '' END
  || CASE WHEN all_of->>'daticurules' IS NULL THEN '' ELSE format(' ICU_RULES %L', all_of->>'daticurules') END
  || ';'
  FROM pg_catalog.pg_database AS d, to_jsonb(d) AS all_of WHERE datname = current_database();
SELECT 'REVOKE ALL ON DATABASE :"database" FROM PUBLIC;';
SELECT format('GRANT %s ON DATABASE :"database" TO %s;', privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE format('%I', pg_catalog.pg_get_userbyid(grantee)) END)
  FROM pg_catalog.pg_database, pg_catalog.aclexplode(coalesce(datacl, pg_catalog.acldefault('d', datdba))) WHERE datname = current_database();
SELECT format('COMMENT ON DATABASE :"database" IS %L;', description) FROM pg_catalog.pg_database AS d, pg_catalog.shobj_description(d.oid, 'pg_database') AS description
  WHERE datname = current_database() AND description IS NOT NULL;
\o settings.sql
SELECT format('ALTER DATABASE :"database" CONNECTION LIMIT %s;', datconnlimit) FROM pg_catalog.pg_database WHERE datname = current_database() AND datconnlimit <> -1;
-- Lists of names are stored as SQL reads them, except an empty name.
SELECT format('ALTER %s SET %I = %s;', CASE setrole WHEN 0 THEN 'DATABASE :"database"' ELSE format('ROLE %I IN DATABASE :"database"', pg_catalog.pg_get_userbyid(setrole)) END,
    name, CASE WHEN name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
      THEN regexp_replace(value, '(^|, )""(?=,|$)', E'\\1''''', 'g') ELSE format('%L', value) END)
  FROM pg_catalog.pg_db_role_setting JOIN pg_catalog.pg_database AS d ON setdatabase = d.oid,
    unnest(setconfig) AS pair, split_part(pair, '=', 1) AS name, substr(pair, strpos(pair, '=') + 1) AS value
  WHERE datname = current_database();
