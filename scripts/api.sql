-- Print what lsce offers, as text that reads like SQL: doc/api.sql.
--
-- To be run by psql, with the variable model naming a model made by the code;
-- its schema is printed as crm, so its name must be a word that occurs nowhere
-- else.  The text is made from the catalog alone, holds nothing that differs
-- between versions of the server (so names are not quoted: which words are
-- reserved differs), and is in the order of names.
--
-- Left out is what nobody calls by name: functions whose name begins with an
-- underscore, and those behind types, operators, casts, indexes and aggregates.
\pset format unaligned
\pset tuples_only on
\pset pager off
SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
-- settings are known once the library is loaded
SELECT lsce.uuid_v7() IS NULL AS loaded \gset

WITH space AS (
	SELECT oid, nspname::text AS name FROM pg_namespace WHERE nspname IN ('lsce', :'model')
), behind AS (
	SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typanalyze, typmodin, typmodout, typsubscript]::oid[]) AS oid FROM pg_type
	UNION SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]::oid[]) FROM pg_operator
	UNION SELECT amproc FROM pg_amproc
	UNION SELECT castfunc FROM pg_cast
	UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn]::oid[]) FROM pg_aggregate
	UNION SELECT prosupport FROM pg_proc
), routine AS (
	SELECT p.*, s.name AS space,
		ARRAY(SELECT concat_ws(' ',
				CASE a.mode WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' END,
				nullif(a.name, ''), format_type(a.type, NULL),
				'DEFAULT ' || replace(pg_get_function_arg_default(p.oid, a.ord::int), '::' || format_type(a.type, NULL), ''))
			FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames) WITH ORDINALITY AS a (type, mode, name, ord)
			WHERE a.mode IS DISTINCT FROM 't' ORDER BY a.ord) AS arguments,
		ARRAY(SELECT concat_ws(' ', nullif(a.name, ''), format_type(a.type, NULL))
			FROM unnest(p.proallargtypes, p.proargmodes, p.proargnames) WITH ORDINALITY AS a (type, mode, name, ord)
			WHERE a.mode = 't' ORDER BY a.ord) AS result_columns
	FROM pg_proc AS p JOIN space AS s ON s.oid = p.pronamespace
	WHERE p.proname NOT LIKE '\_%' AND p.oid NOT IN (SELECT oid FROM behind WHERE oid IS NOT NULL)
), relation AS (
	SELECT c.oid, c.relname::text AS name, c.relkind, s.name AS space,
		(SELECT b.oid FROM pg_class AS b WHERE b.relnamespace = c.relnamespace AND b.relkind = 'r' AND b.relname || '_h' = c.relname) AS history_of
	FROM pg_class AS c JOIN space AS s ON s.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
), col AS (
	SELECT r.oid, a.attnum, a.attname, a.atttypid, r.history_of,
		concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
			CASE WHEN a.attgenerated <> '' THEN 'GENERATED ALWAYS AS (' || btrim(regexp_replace(pg_get_expr(d.adbin, d.adrelid), '\s+', ' ', 'g')) || ')'
				WHEN a.attidentity <> '' THEN 'GENERATED AS IDENTITY'
				ELSE 'DEFAULT ' || replace(pg_get_expr(d.adbin, d.adrelid), '::' || format_type(a.atttypid, a.atttypmod), '') END) AS definition
	FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
), shown AS (
	-- of a history what its table does not have, when it has all that the table has
	SELECT r.*, r.history_of IS NOT NULL AND NOT EXISTS (
			SELECT FROM col AS b WHERE b.oid = r.history_of
				AND NOT EXISTS (SELECT FROM col AS h WHERE h.oid = r.oid AND h.attname = b.attname AND h.atttypid = b.atttypid)) AS like_table
	FROM relation AS r
), entry (section, name, text) AS (
	SELECT CASE s.name WHEN 'lsce' THEN 1 ELSE 21 END, t.typname::text,
		format('CREATE TYPE %s.%s%s;', s.name, t.typname, CASE t.typtype
			WHEN 'e' THEN (SELECT format(' AS ENUM (%s)', string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)) FROM pg_enum AS e WHERE e.enumtypid = t.oid)
			WHEN 'd' THEN ' AS DOMAIN OVER ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
			WHEN 'r' THEN ' AS RANGE'
			WHEN 'c' THEN (SELECT format(' AS (%s)', string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum))
				FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
			ELSE '' END)
	FROM pg_type AS t JOIN space AS s ON s.oid = t.typnamespace
	WHERE t.typtype IN ('b', 'd', 'e', 'r', 'c') AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid)
		AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
	UNION ALL
	SELECT 2, format('%s %s', c.castsource::regtype, c.casttarget::regtype),
		format('CREATE CAST (%s AS %s)%s;', c.castsource::regtype, c.casttarget::regtype,
			CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)
	FROM pg_cast AS c
	WHERE EXISTS (SELECT FROM pg_type AS t JOIN space AS s ON s.oid = t.typnamespace AND s.name = 'lsce' WHERE t.oid IN (c.castsource, c.casttarget))
	UNION ALL
	SELECT 3, format('%s %s %s', o.oprname, o.oprleft::regtype, o.oprright::regtype),
		format('CREATE OPERATOR %s.%s (%s, %s) RETURNS %s;', s.name, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE o.oprleft::regtype::text END,
			o.oprright::regtype, o.oprresult::regtype)
	FROM pg_operator AS o JOIN space AS s ON s.oid = o.oprnamespace
	UNION ALL
	SELECT 4, format('%s %s', c.opcname, m.amname),
		format('CREATE OPERATOR CLASS %s.%s%s FOR TYPE %s USING %s;', s.name, c.opcname, CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END, c.opcintype::regtype, m.amname)
	FROM pg_opclass AS c JOIN space AS s ON s.oid = c.opcnamespace JOIN pg_am AS m ON m.oid = c.opcmethod
	UNION ALL
	SELECT CASE WHEN p.prorettype = 'trigger'::regtype THEN 8 ELSE CASE p.prokind WHEN 'a' THEN 5 WHEN 'p' THEN 7 ELSE 6 END END
			+ CASE p.space WHEN 'lsce' THEN 0 ELSE 20 END,
		format('%s(%s)', p.proname, array_to_string(p.arguments, ', ')),
		format('CREATE %s %s.%s(%s)%s%s;', CASE p.prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.space, p.proname,
			CASE WHEN length(array_to_string(p.arguments, ', ')) > 90
				THEN E'\n\t' || array_to_string(p.arguments, E',\n\t') || E'\n' ELSE array_to_string(p.arguments, ', ') END,
			CASE WHEN p.prokind = 'p' THEN ''
				WHEN cardinality(p.result_columns) > 0 THEN E' RETURNS TABLE (\n\t' || array_to_string(p.result_columns, E',\n\t') || E'\n)'
				ELSE ' RETURNS ' || CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || format_type(p.prorettype, NULL) END,
			CASE WHEN p.prokind <> 'f' OR p.prorettype = 'trigger'::regtype THEN ''
				ELSE CASE p.provolatile WHEN 'i' THEN ' IMMUTABLE' WHEN 's' THEN ' STABLE' ELSE ' VOLATILE' END
					|| CASE WHEN p.proisstrict THEN ' STRICT' ELSE '' END
					|| CASE p.proparallel WHEN 's' THEN ' PARALLEL SAFE' WHEN 'r' THEN ' PARALLEL RESTRICTED' ELSE '' END
					|| CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' ELSE '' END END)
	FROM routine AS p
	UNION ALL
	SELECT 9, g.name, format('SET %s = %s;  -- %s, %s', g.name, quote_literal(g.boot_val), g.vartype, g.context)
	FROM pg_settings AS g WHERE g.name LIKE 'lsce.%'
	UNION ALL
	SELECT CASE WHEN r.relkind IN ('r', 'p') THEN 22 ELSE 23 END, r.name,
		format(E'CREATE %s %s.%s (\n\t%s\n);', CASE r.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, r.space, r.name,
			concat_ws(E',\n\t',
				(SELECT format('LIKE %s.%s', r.space, b.relname) FROM pg_class AS b WHERE b.oid = r.history_of AND r.like_table),
				(SELECT string_agg(c.definition, E',\n\t' ORDER BY c.attnum) FROM col AS c WHERE c.oid = r.oid
					AND NOT (r.like_table AND EXISTS (SELECT FROM col AS b WHERE b.oid = r.history_of AND b.attname = c.attname))),
				(SELECT 'PRIMARY KEY (' || string_agg(a.attname, ', ' ORDER BY k.ord) || ')'
				 FROM pg_index AS i CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, ord)
				 JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = r.oid AND i.indisprimary)))
	FROM shown AS r
), heading (section, text) AS (
	VALUES (1, 'types of schema lsce'), (2, 'casts'), (3, 'operators'), (4, 'operator classes'), (5, 'aggregates'),
		(6, 'functions of schema lsce'), (7, 'procedures of schema lsce'), (8, 'trigger functions of schema lsce'), (9, 'settings'),
		(21, 'types of a model'), (22, 'tables of a model'), (23, 'views of a model'), (25, 'aggregates of a model'),
		(26, 'functions of a model'), (27, 'procedures of a model'), (28, 'trigger functions of a model')
), page (section, place, name, text) AS (
	SELECT 0, 0, '', E'-- What lsce offers: every public signature and result column, and the columns\n'
		'-- of the tables and views of a model, here called crm.\n'
		'--\n'
		'-- Made from the catalog by scripts/api.sh and compared with it by the tests; not\n'
		'-- to be edited.  It reads like SQL but is not meant to be run.  What an object\n'
		'-- means is told by its comment: \\dd, \\df+ and \\d+ in psql.'
	UNION ALL
	SELECT h.section, 0, '', E'\n\n-- ' || h.text || E'\n' FROM heading AS h WHERE EXISTS (SELECT FROM entry AS e WHERE e.section = h.section)
	UNION ALL
	SELECT e.section, 1, e.name, e.text FROM entry AS e
)
SELECT replace(p.text, :'model', 'crm') FROM page AS p ORDER BY p.section, p.place, p.name COLLATE "C", p.text COLLATE "C";

RESET intervalstyle;
RESET datestyle;
RESET timezone;
RESET client_min_messages;
RESET search_path;
\pset format aligned
\pset tuples_only off
