-- Every object of a model is commented; the view uncommented lists what is not
SET client_min_messages = warning;
CALL lsce.create_model('regress_comments', seed => false);
CREATE VIEW relation AS
SELECT c.oid, c.relname::text, c.relispartition
  FROM pg_class AS c WHERE c.relnamespace = 'regress_comments'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm');
CREATE VIEW uncommented AS
SELECT 'table or view' AS kind, relname AS object FROM relation
 WHERE obj_description(oid, 'pg_class') IS NULL
UNION ALL
SELECT 'column', r.relname || '.' || a.attname
  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE NOT r.relispartition AND col_description(r.oid, a.attnum) IS NULL
UNION ALL
SELECT 'routine', p.oid::regprocedure::text FROM pg_proc AS p
 WHERE p.pronamespace = 'regress_comments'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
UNION ALL
SELECT 'trigger', t.tgname || ' on ' || r.relname FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND obj_description(t.oid, 'pg_trigger') IS NULL
UNION ALL
SELECT 'policy', p.polname || ' on ' || r.relname FROM relation AS r JOIN pg_policy AS p ON p.polrelid = r.oid
 WHERE obj_description(p.oid, 'pg_policy') IS NULL
UNION ALL
SELECT 'type', t.typname FROM pg_type AS t
 WHERE t.typnamespace = 'regress_comments'::regnamespace AND t.typtype IN ('d', 'e', 'r') AND obj_description(t.oid, 'pg_type') IS NULL
-- of constraints and indexes those whose name does not say it all: exclusions,
-- keys of permits, and indexes on some of the rows
UNION ALL
SELECT 'constraint', o.conname || ' on ' || r.relname FROM relation AS r JOIN pg_constraint AS o ON o.conrelid = r.oid
 WHERE (o.contype = 'x' OR (o.contype IN ('f', 'u') AND cardinality(o.conkey) > 1 AND o.conname LIKE '%permit%'))
   AND obj_description(o.oid, 'pg_constraint') IS NULL
UNION ALL
SELECT 'index', i.relname::text FROM relation AS r JOIN pg_index AS x ON x.indrelid = r.oid JOIN pg_class AS i ON i.oid = x.indexrelid
 WHERE x.indpred IS NOT NULL AND NOT i.relispartition AND obj_description(i.oid, 'pg_class') IS NULL
   AND NOT EXISTS (SELECT FROM pg_constraint AS o WHERE o.conindid = i.oid);
SELECT * FROM uncommented ORDER BY kind COLLATE "C", object COLLATE "C";

-- a comment says something: it does not repeat a name
SELECT r.relname, a.attname, d.description
  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0
  JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = r.oid AND d.objsubid = a.attnum
 WHERE length(d.description) < 5 OR regexp_replace(lower(d.description), '^the ', '') = replace(a.attname, '_', ' ')
 ORDER BY r.relname COLLATE "C", a.attnum;

-- history means by a column what its table means
SELECT h.relname, a.attname
  FROM relation AS h JOIN relation AS b ON h.relname = b.relname || '_h'
  JOIN pg_attribute AS a ON a.attrelid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_attribute AS c ON c.attrelid = b.oid AND c.attname = a.attname AND c.attname <> 'sys_from'
 WHERE col_description(h.oid, a.attnum) IS DISTINCT FROM col_description(b.oid, c.attnum)
 ORDER BY h.relname COLLATE "C", a.attnum;

-- what lost its comment is listed
COMMENT ON TABLE regress_comments.account IS NULL;
COMMENT ON VIEW regress_comments.v_disbursement IS NULL;
COMMENT ON COLUMN regress_comments.account.name IS NULL;
COMMENT ON COLUMN regress_comments.license_h.number IS NULL;
COMMENT ON COLUMN regress_comments.v_disbursement.quantity IS NULL;
COMMENT ON FUNCTION regress_comments.product(text) IS NULL;
COMMENT ON TRIGGER no_truncate ON regress_comments.decision IS NULL;
COMMENT ON POLICY own_view ON regress_comments.visit IS NULL;
COMMENT ON CONSTRAINT disbursement_permit ON regress_comments.disbursement IS NULL;
COMMENT ON CONSTRAINT visit_no_double_booking ON regress_comments.visit IS NULL;
COMMENT ON INDEX regress_comments.discrepancy_open_idx IS NULL;
SELECT * FROM uncommented ORDER BY kind COLLATE "C", object COLLATE "C";

-- an upgrade comments what it makes, and what lost its comment or has another
-- one; what users wrote about their own columns stays
DROP TRIGGER append_only ON regress_comments.decision;
DROP POLICY own_view ON regress_comments.account;
DROP TABLE regress_comments.license_h;
ALTER TABLE regress_comments.hcp DROP COLUMN credential;
COMMENT ON COLUMN regress_comments.account.kind IS 'what an older version said';
ALTER TABLE regress_comments.account ADD COLUMN loyalty text;
COMMENT ON COLUMN regress_comments.account.loyalty IS 'class of loyalty';
SELECT count(*) FROM lsce.check_model('regress_comments') WHERE NOT ok AND subject LIKE 'comment%';
CALL lsce._reference('regress_comments', NULL) \gset
SELECT d.name, d.problem FROM lsce._drift('regress_comments', :'objects') AS d WHERE d.kind = 'comment' AND d.name LIKE 'COLUMN account.%' ORDER BY d.name COLLATE "C";
CALL lsce.upgrade_model('regress_comments');
SELECT * FROM uncommented ORDER BY kind COLLATE "C", object COLLATE "C";
SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute AS a
 WHERE a.attrelid = 'regress_comments.account'::regclass AND a.attname IN ('kind', 'loyalty') ORDER BY a.attname;

DROP VIEW uncommented, relation;
CALL lsce.drop_model('regress_comments', confirm => 'regress_comments');
