-- Every object of a model is commented; what is listed here lacks a comment
SET client_min_messages = warning;
CALL lsce.create_model('regress_comments', seed => false);

CREATE VIEW relation AS
SELECT c.oid, c.relname, c.relkind, c.relpartbound IS NULL AS own
  FROM pg_class AS c WHERE c.relnamespace = 'regress_comments'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm');
-- there is something to look at
SELECT count(*) > 80 AS relations FROM relation;

SELECT relname AS "table or view" FROM relation
 WHERE obj_description(oid, 'pg_class') IS NULL ORDER BY 1;
SELECT r.relname || '.' || a.attname AS "column"
  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE col_description(r.oid, a.attnum) IS NULL ORDER BY r.relname, a.attnum;
SELECT p.oid::regprocedure AS routine FROM pg_proc AS p
 WHERE p.pronamespace = 'regress_comments'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL ORDER BY p.oid::regprocedure::text;
SELECT t.tgname || ' on ' || r.relname AS trigger FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND obj_description(t.oid, 'pg_trigger') IS NULL ORDER BY 1;
SELECT p.polname || ' on ' || r.relname AS policy FROM relation AS r JOIN pg_policy AS p ON p.polrelid = r.oid
 WHERE obj_description(p.oid, 'pg_policy') IS NULL ORDER BY 1;
SELECT t.typname AS type FROM pg_type AS t
 WHERE t.typnamespace = 'regress_comments'::regnamespace AND t.typtype IN ('d', 'e', 'r')
   AND obj_description(t.oid, 'pg_type') IS NULL ORDER BY 1;
-- of constraints and indexes, those whose name does not say it all: exclusions,
-- keys of permits, and indexes on some of the rows
SELECT o.conname || ' on ' || r.relname AS "constraint"
  FROM relation AS r JOIN pg_constraint AS o ON o.conrelid = r.oid
 WHERE (o.contype = 'x' OR (o.contype = 'f' AND cardinality(o.conkey) > 1 AND o.conname ~ 'permit'))
   AND obj_description(o.oid, 'pg_constraint') IS NULL ORDER BY 1;
SELECT x.indexrelid::regclass AS index
  FROM relation AS r JOIN pg_index AS x ON x.indrelid = r.oid
 WHERE r.own AND x.indpred IS NOT NULL AND obj_description(x.indexrelid, 'pg_class') IS NULL
   AND NOT EXISTS (SELECT FROM pg_constraint AS o WHERE o.conindid = x.indexrelid) ORDER BY x.indexrelid::regclass::text;

-- a comment says something: it is no empty text and no repetition of the name
SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid) AS object, d.description
  FROM pg_description AS d JOIN relation AS r ON d.classoid = 'pg_class'::regclass AND d.objoid = r.oid
  LEFT JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = d.objsubid AND a.attnum > 0
 WHERE length(d.description) < 5
    OR lower(d.description) IN (replace(a.attname, '_', ' '), 'the ' || replace(a.attname, '_', ' ')) ORDER BY 1;

-- history means by a column what its table means
SELECT h.relname || '.' || a.attname AS "column"
  FROM relation AS h JOIN relation AS b ON h.relname = b.relname || '_h'
  JOIN pg_attribute AS a ON a.attrelid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_attribute AS c ON c.attrelid = b.oid AND c.attname = a.attname AND c.attname <> 'sys_from'
 WHERE col_description(h.oid, a.attnum) IS DISTINCT FROM col_description(b.oid, c.attnum) ORDER BY 1;

DROP VIEW relation;
CALL lsce.drop_model('regress_comments', confirm => 'regress_comments');
