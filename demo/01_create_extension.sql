-- title: The extension brings code, no tables
-- expect: 42710
-- CREATE EXTENSION installs types, operators and functions in schema lsce. What
-- an organisation keeps is in a model, an ordinary schema made by the next step;
-- "crm" below is its name. The search path makes names short, nothing needs it.
CREATE EXTENSION lsce CASCADE;

SELECT extname, extversion, extnamespace::regnamespace AS schema
  FROM pg_extension WHERE extname IN ('lsce', 'btree_gist', 'pg_trgm') ORDER BY 1;

SELECT count(*) AS tables_of_the_extension
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
 WHERE e.extname = 'lsce' AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass;

-- once is enough
CREATE EXTENSION lsce;

SELECT format('ALTER DATABASE %I SET search_path = crm, lsce, public', current_database()) \gexec
