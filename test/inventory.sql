-- Everything there is in the schema named by the setting inventory.schema, one
-- line for each object or set of rows: what a dump and its restore must not
-- change.  Settings made by psql: \set or SET inventory.schema = '...'.
WITH model AS (
	SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname = current_setting('inventory.schema')
), relation AS (
	SELECT c.* FROM pg_class AS c JOIN model ON c.relnamespace = model.oid
)
SELECT format('schema %s owner %s acl %s', n.nspname, n.nspowner::regrole, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a)) FROM model AS n
UNION ALL
SELECT format('relation %s %s owner %s options %s security %s/%s replica %s acl %s', c.relkind, c.relname, c.relowner::regrole, c.reloptions,
	c.relrowsecurity, c.relforcerowsecurity, c.relreplident, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) AS a)) FROM relation AS c
UNION ALL
SELECT format('column %s.%s %s notnull %s default %s generated %s storage %s compression %s acl %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
	pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attstorage, a.attcompression, a.attacl)
FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT format('constraint %s.%s %s valid %s', c.relname, o.conname, pg_get_constraintdef(o.oid), o.convalidated) FROM relation AS c JOIN pg_constraint AS o ON o.conrelid = c.oid
UNION ALL
SELECT format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid) FROM relation AS c JOIN pg_index AS i ON i.indrelid = c.oid
UNION ALL
SELECT format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled) FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('internal trigger of %s on %s enabled %s, %s', (SELECT conname FROM pg_constraint WHERE oid = t.tgconstraint), c.relname, t.tgenabled, count(*))
FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid WHERE t.tgisinternal GROUP BY t.tgconstraint, c.relname, t.tgenabled
UNION ALL
SELECT format('policy %s.%s %s %s to %s using %s check %s', c.relname, p.polname, p.polcmd, p.polpermissive,
	(SELECT string_agg(CASE WHEN r = 0 THEN 'public' ELSE r::regrole::text END, ',' ORDER BY r::regrole::text) FROM unnest(p.polroles) AS r),
	pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
UNION ALL
SELECT format('rule %s', pg_get_ruledef(r.oid)) FROM relation AS c JOIN pg_rewrite AS r ON r.ev_class = c.oid
UNION ALL
SELECT format('function %s owner %s acl %s', pg_get_functiondef(p.oid), p.proowner::regrole, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) AS a))
FROM pg_proc AS p JOIN model ON p.pronamespace = model.oid WHERE p.prokind IN ('f', 'p')
UNION ALL
SELECT format('comment %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
FROM pg_description AS d JOIN relation AS c ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
UNION ALL
SELECT format('comment %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
FROM pg_description AS d JOIN pg_proc AS p ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid JOIN model ON p.pronamespace = model.oid
UNION ALL
SELECT format('comment %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
FROM pg_description AS d
JOIN (SELECT 'pg_trigger'::regclass AS classoid, t.oid FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid
	UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
	UNION ALL SELECT 'pg_constraint'::regclass, o.oid FROM relation AS c JOIN pg_constraint AS o ON o.conrelid = c.oid) AS o
	ON d.classoid = o.classoid AND d.objoid = o.oid
UNION ALL
SELECT format('statistics %s', pg_get_statisticsobjdef(s.oid)) FROM pg_statistic_ext AS s JOIN model ON s.stxnamespace = model.oid
UNION ALL
-- the digest of the rows of every table, whatever their order
SELECT format('rows of %s: %s', c.relname, (xpath('/row/digest/text()',
	query_to_xml(format('SELECT count(*) || '' '' || coalesce(md5(string_agg(md5(t::text), '''' ORDER BY md5(t::text))), '''') AS digest FROM %I.%I AS t', model.nspname, c.relname), false, true, '')))[1])
FROM relation AS c CROSS JOIN model WHERE c.relkind IN ('r', 'p')
ORDER BY 1;
