-- All objects that a restored database must share with the dumped one, one a line: with owner, privileges and comment. Not the members of
-- extensions, which may have another version, nor objects that PostgreSQL makes for others, such as the index of a primary key.
\pset format unaligned
\pset tuples_only on
SET search_path = '';
WITH catalogs (class, object, owner, acl, kind, more) AS (
  SELECT 'pg_catalog.pg_class'::regclass, oid, relowner, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END,
    concat(relpersistence, CASE WHEN relrowsecurity THEN ' row security' END, CASE WHEN relforcerowsecurity THEN ' forced' END, ' ' || reloptions::text)
    FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I', 'c') AND NOT (relkind IN ('i', 'I') AND relispartition)
  UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, oid, proowner, proacl, 'f', proconfig::text FROM pg_catalog.pg_proc
  UNION ALL SELECT 'pg_catalog.pg_type'::regclass, oid, typowner, typacl, 'T', typtype::text FROM pg_catalog.pg_type WHERE typtype <> 'c'
  UNION ALL SELECT 'pg_catalog.pg_namespace'::regclass, oid, nspowner, nspacl, 'n', '' FROM pg_catalog.pg_namespace
  UNION ALL SELECT 'pg_catalog.pg_language'::regclass, oid, lanowner, lanacl, 'l', '' FROM pg_catalog.pg_language
  UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, fdwowner, fdwacl, 'F', '' FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_catalog.pg_foreign_server'::regclass, oid, srvowner, srvacl, 'S', '' FROM pg_catalog.pg_foreign_server
  UNION ALL SELECT 'pg_catalog.pg_default_acl'::regclass, oid, NULL, defaclacl, NULL, '' FROM pg_catalog.pg_default_acl
  UNION ALL SELECT 'pg_catalog.pg_operator'::regclass, oid, oprowner, NULL, NULL, '' FROM pg_catalog.pg_operator
  UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, oid, opcowner, NULL, NULL, '' FROM pg_catalog.pg_opclass
  UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, oid, opfowner, NULL, NULL, '' FROM pg_catalog.pg_opfamily
  UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, oid, collowner, NULL, NULL, '' FROM pg_catalog.pg_collation
  UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, oid, conowner, NULL, NULL, '' FROM pg_catalog.pg_conversion
  UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, oid, cfgowner, NULL, NULL, '' FROM pg_catalog.pg_ts_config
  UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, oid, dictowner, NULL, NULL, '' FROM pg_catalog.pg_ts_dict
  UNION ALL SELECT 'pg_catalog.pg_ts_parser'::regclass, oid, NULL, NULL, NULL, '' FROM pg_catalog.pg_ts_parser
  UNION ALL SELECT 'pg_catalog.pg_ts_template'::regclass, oid, NULL, NULL, NULL, '' FROM pg_catalog.pg_ts_template
  UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::regclass, oid, stxowner, NULL, NULL, '' FROM pg_catalog.pg_statistic_ext
  UNION ALL SELECT 'pg_catalog.pg_publication'::regclass, oid, pubowner, NULL, NULL, '' FROM pg_catalog.pg_publication
  UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass, oid, evtowner, NULL, NULL, evtenabled::text FROM pg_catalog.pg_event_trigger
  UNION ALL SELECT 'pg_catalog.pg_extension'::regclass, oid, NULL, NULL, NULL, '' FROM pg_catalog.pg_extension
  UNION ALL SELECT 'pg_catalog.pg_cast'::regclass, oid, NULL, NULL, NULL, castcontext::text FROM pg_catalog.pg_cast
  UNION ALL SELECT 'pg_catalog.pg_transform'::regclass, oid, NULL, NULL, NULL, '' FROM pg_catalog.pg_transform
  UNION ALL SELECT 'pg_catalog.pg_am'::regclass, oid, NULL, NULL, NULL, amtype::text FROM pg_catalog.pg_am
  UNION ALL SELECT 'pg_catalog.pg_policy'::regclass, oid, NULL, NULL, NULL, polcmd::text FROM pg_catalog.pg_policy
  UNION ALL SELECT 'pg_catalog.pg_rewrite'::regclass, oid, NULL, NULL, NULL, '' FROM pg_catalog.pg_rewrite
  UNION ALL SELECT 'pg_catalog.pg_trigger'::regclass, oid, NULL, NULL, NULL, tgenabled::text FROM pg_catalog.pg_trigger
    WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, oid, NULL, NULL, NULL, convalidated::text FROM pg_catalog.pg_constraint
    WHERE contype <> 'n' AND conparentid = 0
), own AS (
  SELECT * FROM catalogs, pg_catalog.pg_identify_object(class, object, 0) AS identified
  WHERE object >= 16384 AND identity IS NOT NULL AND coalesce(schema, '') !~ '^pg_' AND identity !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE classid = class AND objid = object AND objsubid = 0 AND (deptype IN ('e', 'i')
    OR deptype = 'a' AND EXISTS (SELECT FROM pg_catalog.pg_depend AS m WHERE m.classid = d.refclassid AND m.objid = d.refobjid AND m.deptype = 'e')))
)
SELECT concat_ws(' ', type, identity, more, 'of ' || pg_catalog.pg_get_userbyid(owner),
  (SELECT 'for ' || string_agg(concat(coalesce(grantee::regrole::text, ''), ':', privilege_type, CASE WHEN is_grantable THEN '*' END), ','
      ORDER BY coalesce(grantee::regrole::text, '') COLLATE "C", privilege_type)
    FROM pg_catalog.aclexplode(coalesce(acl, pg_catalog.acldefault(kind::"char", owner))) WHERE privilege_type <> 'MAINTAIN'),
  'comment ' || md5(pg_catalog.obj_description(object, class::text)))
FROM own ORDER BY type COLLATE "C", identity COLLATE "C";
SELECT concat_ws(' ', 'columns of', identity, md5(string_agg(concat_ws(' ', attname, pg_catalog.format_type(atttypid, atttypmod), attnotnull, attidentity,
    attgenerated, attcollation::regcollation,
    (SELECT string_agg(item::text, ',' ORDER BY item::text COLLATE "C") FROM unnest(attacl) AS item), pg_catalog.col_description(attrelid, attnum)), ',' ORDER BY attnum)))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON attrelid = c.oid, pg_catalog.pg_identify_object('pg_catalog.pg_class'::regclass, c.oid, 0)
  WHERE c.oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND attnum > 0 AND NOT attisdropped AND schema !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  GROUP BY identity ORDER BY identity COLLATE "C";
SELECT concat_ws(' ', 'large objects of', pg_catalog.pg_get_userbyid(lomowner), count(*)) FROM pg_catalog.pg_largeobject_metadata
  GROUP BY lomowner ORDER BY pg_catalog.pg_get_userbyid(lomowner)::text COLLATE "C";
