-- Databases, roles and settings of a server, one fact a line. Both servers of an upgrade must print the same.
SELECT 'database', datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname;
SELECT 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, md5(rolpassword)
  FROM pg_authid WHERE rolname NOT LIKE 'pg\_%' AND rolname <> current_user ORDER BY rolname;
SELECT 'member', pg_get_userbyid(roleid), pg_get_userbyid(member) FROM pg_auth_members WHERE roleid >= 16384 ORDER BY 2, 3;
SELECT 'setting', coalesce(datname, ''), coalesce(rolname, ''), setconfig FROM pg_db_role_setting
  LEFT JOIN pg_database ON pg_database.oid = setdatabase LEFT JOIN pg_roles ON pg_roles.oid = setrole ORDER BY 2, 3;
