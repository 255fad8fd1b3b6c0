--
-- What CREATE EXTENSION brings, and the rules that every object of it obeys
--
\set control_version `sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$PG_ABS_SRCDIR/../lsce.control"`
-- the server runs the version of the control file
SELECT extversion = :'control_version' AS current_version, extnamespace::regnamespace AS schema, extrelocatable
  FROM pg_extension WHERE extname = 'lsce';

-- the database holds UTF8
SHOW server_encoding;

-- one transaction may drop and create it
BEGIN;
DROP EXTENSION lsce;
CREATE EXTENSION lsce;
ROLLBACK;
-- a second one is refused
CREATE EXTENSION lsce;

CREATE VIEW member AS
SELECT d.classid, d.objid, d.classid::regclass AS catalog,
       pg_describe_object(d.classid, d.objid, 0) AS object
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'lsce';

-- the extension owns code only: no relation, no schema, no rows to be dumped
SELECT object FROM member WHERE catalog IN ('pg_class'::regclass, 'pg_namespace'::regclass) ORDER BY 1;
SELECT extconfig FROM pg_extension WHERE extname = 'lsce';

-- every member has a comment; an array type, a member from 18 on, is its element's
SELECT object FROM member
 WHERE catalog NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
   AND NOT EXISTS (SELECT FROM pg_type t WHERE catalog = 'pg_type'::regclass AND t.typarray = objid)
   AND obj_description(objid, catalog::name) IS NULL ORDER BY 1;

-- every function is C, parsed at creation, or pins its search_path
CREATE VIEW routine AS
SELECT p.*, p.oid::regprocedure AS routine, l.lanname
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
 WHERE p.pronamespace = 'lsce'::regnamespace;
SELECT routine FROM routine
 WHERE lanname NOT IN ('c', 'internal') AND prokind <> 'a' AND prosqlbody IS NULL
   AND NOT EXISTS (SELECT FROM unnest(proconfig) s WHERE s LIKE 'search\_path=%')
 ORDER BY routine::text;
-- a pinned path names no schema that others may write to, and ends in pg_temp if that is named
SELECT routine, s AS setting FROM routine, unnest(proconfig) s
 WHERE s LIKE 'search\_path=%' AND s !~ '^search_path=("")?(lsce, )?(pg_catalog)?(, lsce)?(, pg_temp)?$'
 ORDER BY routine::text;

-- nothing runs with the rights of the extension's owner
SELECT routine FROM routine WHERE prosecdef ORDER BY routine::text;

-- what depends on its arguments only may run in a parallel worker
SELECT routine FROM routine WHERE provolatile = 'i' AND proparallel <> 's' ORDER BY routine::text;

-- C functions come from this module
SELECT DISTINCT probin FROM routine WHERE lanname = 'c' AND probin <> '$libdir/lsce';

-- everything lives in schema lsce
SELECT object FROM member m LEFT JOIN pg_proc p ON m.catalog = 'pg_proc'::regclass AND p.oid = m.objid
       LEFT JOIN pg_type t ON m.catalog = 'pg_type'::regclass AND t.oid = m.objid
       LEFT JOIN pg_operator o ON m.catalog = 'pg_operator'::regclass AND o.oid = m.objid
 WHERE COALESCE(p.pronamespace, t.typnamespace, o.oprnamespace) <> 'lsce'::regnamespace ORDER BY 1;

DROP VIEW member, routine;
