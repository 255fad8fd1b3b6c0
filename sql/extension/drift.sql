-- Whether a model is what the code would create, and putting it right.
--
-- The reference is built, not stored: lsce._reference() creates a model in a
-- scratch schema inside a subtransaction, notes the definition of every object
-- and rolls it back.  Both sides are printed by the server's own deparser.

CREATE FUNCTION lsce._model_objects(schema name,
	OUT kind text, OUT parent text, OUT name text, OUT definition text, OUT create_command text, OUT ord bigint)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 2000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
WITH model AS (
	SELECT oid, nspname FROM pg_namespace WHERE nspname = schema
), relation AS (
	SELECT c.* FROM pg_class AS c JOIN model ON c.relnamespace = model.oid WHERE c.relkind IN ('r', 'p', 'v', 'm')
)
SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, '', c.relname::text,
	format('%s%s%s', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE 'view' END,
		CASE c.relpersistence WHEN 'p' THEN '' ELSE ' not logged' END,
		CASE WHEN c.relkind IN ('v', 'm') THEN ' ' || coalesce(array_to_string(c.reloptions, ',') || ' ', '') || pg_get_viewdef(c.oid) ELSE '' END),
	CASE c.relkind
		WHEN 'v' THEN format('CREATE OR REPLACE VIEW %I.%I %sAS %s', schema, c.relname,
			coalesce('WITH (' || array_to_string(c.reloptions, ', ') || ') ', ''), pg_get_viewdef(c.oid))
		WHEN 'r' THEN format('CREATE TABLE %I.%I ()%s', schema, c.relname, coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''))
	END, c.oid::bigint
FROM relation AS c
UNION ALL
SELECT 'row security', c.relname::text, '', format('enabled %s, forced %s', c.relrowsecurity, c.relforcerowsecurity),
	CASE WHEN c.relrowsecurity THEN format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', schema, c.relname) END, 0
FROM relation AS c WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'column', c.relname::text, a.attname::text,
	format('%s%s%s%s', format_type(a.atttypid, a.atttypmod),
		CASE a.attcompression WHEN 'l' THEN ' COMPRESSION lz4' WHEN 'p' THEN ' COMPRESSION pglz' ELSE '' END, CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
		CASE WHEN d.oid IS NULL THEN '' WHEN a.attgenerated <> '' THEN ' GENERATED ' || pg_get_expr(d.adbin, d.adrelid)
			ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END),
	format('ALTER TABLE %I.%I ADD COLUMN %I %s%s%s%s', schema, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
		CASE a.attcompression WHEN 'l' THEN ' COMPRESSION lz4' WHEN 'p' THEN ' COMPRESSION pglz' ELSE '' END,
		CASE WHEN d.oid IS NULL THEN '' WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
			ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
		CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END),
	a.attnum
FROM relation AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'constraint', c.relname::text, o.conname::text,
	pg_get_constraintdef(o.oid) || CASE WHEN o.convalidated THEN '' ELSE ' NOT VALID' END
		|| CASE WHEN EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgconstraint = o.oid AND t.tgisinternal AND t.tgenabled <> 'O') THEN ', its triggers disabled' ELSE '' END,
	format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', schema, c.relname, o.conname, pg_get_constraintdef(o.oid)),
	CASE o.contype WHEN 'f' THEN 2 WHEN 'c' THEN 1 ELSE 0 END
FROM relation AS c JOIN pg_constraint AS o ON o.conrelid = c.oid AND o.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT 'index', c.relname::text, i.relname::text,
	pg_get_indexdef(i.oid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END,
	CASE WHEN NOT EXISTS (SELECT FROM pg_constraint AS o WHERE o.conindid = i.oid AND o.contype IN ('p', 'u', 'x')) THEN pg_get_indexdef(i.oid) END, 0
FROM relation AS c JOIN pg_index AS x ON x.indrelid = c.oid JOIN pg_class AS i ON i.oid = x.indexrelid
UNION ALL
SELECT 'trigger', c.relname::text, t.tgname::text,
	format('%s, %s', pg_get_triggerdef(t.oid), CASE t.tgenabled WHEN 'O' THEN 'enabled' WHEN 'A' THEN 'always' WHEN 'R' THEN 'for replicas only' ELSE 'disabled' END),
	pg_get_triggerdef(t.oid), 0
FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid
WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT 'policy', c.relname::text, p.polname::text,
	format('%s %s USING (%s) WITH CHECK (%s)%s', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd,
		coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''),
		-- the roles of these are the business of grant_persona()
		CASE WHEN p.polname IN ('whole_view', 'own_view') THEN '' ELSE ' TO ' || (SELECT string_agg(CASE WHEN r.oid = 0 THEN 'PUBLIC' ELSE r.oid::regrole::text END, ', ') FROM unnest(p.polroles) AS r (oid)) END),
	format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', p.polname, schema, c.relname,
		CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
		CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
		CASE WHEN p.polname IN ('whole_view', 'own_view') THEN 'current_user' ELSE 'PUBLIC' END,
		' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), 0
FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
UNION ALL
SELECT 'rule', c.relname::text, r.rulename::text, format('%s, %s', pg_get_ruledef(r.oid), r.ev_enabled), NULL, 0
FROM relation AS c JOIN pg_rewrite AS r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'inheritance', c.relname::text, i.inhparent::regclass::text, 'inherits', NULL, 0
FROM relation AS c JOIN pg_inherits AS i ON i.inhrelid = c.oid
UNION ALL
SELECT 'function', '', format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
	pg_get_functiondef(p.oid), pg_get_functiondef(p.oid), p.oid::bigint
FROM pg_proc AS p JOIN model ON p.pronamespace = model.oid
WHERE p.prokind IN ('f', 'p')
UNION ALL
SELECT 'comment', '', o.what || o.name, d.description, format('COMMENT ON %s%I.%s IS %L', o.what, schema, o.name, d.description), 0
FROM (
	SELECT 'pg_class'::regclass AS class, c.oid, 0 AS subid, CASE c.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END AS what, quote_ident(c.relname) AS name
	FROM relation AS c
	UNION ALL
	SELECT 'pg_class'::regclass, c.oid, a.attnum, 'COLUMN ', format('%I.%I', c.relname, a.attname)
	FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	UNION ALL
	SELECT 'pg_class'::regclass, i.oid, 0, 'INDEX ', quote_ident(i.relname)
	FROM relation AS c JOIN pg_index AS x ON x.indrelid = c.oid JOIN pg_class AS i ON i.oid = x.indexrelid
	UNION ALL
	SELECT 'pg_constraint'::regclass, k.oid, 0, format('CONSTRAINT %I ON ', k.conname), quote_ident(c.relname)
	FROM relation AS c JOIN pg_constraint AS k ON k.conrelid = c.oid
	UNION ALL
	SELECT 'pg_trigger'::regclass, t.oid, 0, format('TRIGGER %I ON ', t.tgname), quote_ident(c.relname)
	FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid
	UNION ALL
	SELECT 'pg_policy'::regclass, p.oid, 0, format('POLICY %I ON ', p.polname), quote_ident(c.relname)
	FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
	UNION ALL
	SELECT 'pg_proc'::regclass, p.oid, 0, 'ROUTINE ', format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid))
	FROM pg_proc AS p JOIN model ON p.pronamespace = model.oid WHERE p.prokind IN ('f', 'p')
) AS o
JOIN pg_description AS d ON d.classoid = o.class AND d.objoid = o.oid AND d.objsubid = o.subid
$$;
COMMENT ON FUNCTION lsce._model_objects(name) IS 'every object of a model with its definition, the command that creates it, and its place among others of its kind; comments are objects of their own';

CREATE PROCEDURE lsce._reference(schema name, INOUT objects jsonb)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	scratch constant name := 'lsce_reference_model';
BEGIN
	BEGIN
		EXECUTE format('CREATE SCHEMA %I', scratch);
		CALL lsce._build_model(scratch, false);
		SELECT jsonb_agg(to_jsonb(o)) INTO objects FROM lsce._model_objects(scratch) AS o;
		RAISE EXCEPTION USING ERRCODE = 'LS699', MESSAGE = 'the reference was read';
	EXCEPTION
		WHEN SQLSTATE 'LS699' THEN
			NULL;
	END;
	-- the scratch name stands in settings as a list element, in literals of a
	-- regnamespace as a quoted name, and everywhere else as a name; the server
	-- writes a literal without E'', a PL/pgSQL body keeps the one it was given
	SELECT jsonb_agg(jsonb_build_object('kind', o.kind, 'parent', o.parent, 'name', o.name,
		'definition', lsce._renamed(o.definition, scratch, schema), 'create_command', lsce._renamed(o.create_command, scratch, schema), 'ord', o.ord))
	INTO objects
	FROM jsonb_to_recordset(objects) AS o (kind text, parent text, name text, definition text, create_command text, ord bigint);
END
$$;
COMMENT ON PROCEDURE lsce._reference(name, jsonb) IS 'the objects that the code would create for a model of this name: built in a scratch schema, read and rolled back';

CREATE FUNCTION lsce._renamed(definition text, old name, new name)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN replace(replace(replace(definition,
	'SET search_path TO ' || quote_literal(old), 'SET search_path TO ''' || replace(new::text, '''', '''''') || ''''),
	quote_literal(old), CASE WHEN definition LIKE '%LANGUAGE plpgsql%' THEN quote_literal(quote_ident(new::text))
		ELSE '''' || replace(quote_ident(new::text), '''', '''''') || '''' END),
	old::text, quote_ident(new::text));
COMMENT ON FUNCTION lsce._renamed(text, name, name) IS 'definition with the name of a schema replaced; old must be a name that needs no quotes and occurs as nothing else';

CREATE FUNCTION lsce._drift(schema name, reference jsonb,
	OUT kind text, OUT parent text, OUT name text, OUT problem text, OUT found text, OUT expected text, OUT create_command text, OUT ord bigint)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 10
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
SELECT coalesce(e.kind, a.kind), coalesce(e.parent, a.parent), coalesce(e.name, a.name),
	CASE WHEN a.kind IS NULL THEN 'missing' WHEN e.kind IS NULL THEN 'added' ELSE 'changed' END,
	a.definition, e.definition, e.create_command, e.ord
FROM jsonb_to_recordset(reference) AS e (kind text, parent text, name text, definition text, create_command text, ord bigint)
FULL JOIN lsce._model_objects(schema) AS a ON a.kind = e.kind AND a.parent = e.parent AND a.name = e.name
WHERE a.definition IS DISTINCT FROM e.definition
$$;
COMMENT ON FUNCTION lsce._drift(name, jsonb) IS 'how the objects of a model differ from a reference';

CREATE FUNCTION lsce.models(OUT model name, OUT owner name, OUT version integer, OUT extension_version text, OUT installed_at timestamptz)
RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	-- an ordinary table with plain columns of these types; whoever has its owner's
	-- rights reads it as the owner, for its indexes may be anybody's code
	FOR item IN
		SELECT n.nspname, pg_get_userbyid(n.nspowner) AS owner,
			pg_has_role(n.nspowner, 'USAGE') AS is_owner,
			has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
			format('SELECT v.version, v.extension_version, v.installed_at FROM ONLY %I.model_version AS v ORDER BY v.version DESC LIMIT 1', n.nspname) AS query
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.relname = 'model_version' AND c.relkind = 'r' AND NOT c.relrowsecurity AND c.relowner = n.nspowner
			AND 3 = (SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND NOT a.attisdropped
				AND (a.attname, a.atttypid) IN (('version', 'integer'::regtype), ('extension_version', 'text'::regtype), ('installed_at', 'timestamptz'::regtype)))
			AND EXISTS (SELECT FROM pg_trigger AS t JOIN pg_class AS r ON r.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
				JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
				WHERE r.relnamespace = n.oid AND pn.nspname = 'lsce')
		ORDER BY n.nspname
	LOOP
		model := item.nspname;
		owner := item.owner;
		version := NULL;
		extension_version := NULL;
		installed_at := NULL;
		IF item.is_owner THEN
			SELECT v.* INTO version, extension_version, installed_at
				FROM lsce._as_owner(item.nspname, item.query) AS v (version integer, extension_version text, installed_at timestamptz);
		ELSIF item.readable THEN
			EXECUTE item.query INTO version, extension_version, installed_at;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION lsce.models() IS 'the models of this database; version and times are NULL where the caller may not read them';

CREATE FUNCTION lsce._known_collation_versions(OUT subject text, OUT recorded text, OUT actual text)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
SELECT format('database %s', d.datname), d.datcollversion, pg_database_collation_actual_version(d.oid)
FROM pg_database AS d WHERE d.datname = current_database()
UNION ALL
SELECT format('collation %I.%I', n.nspname, c.collname), c.collversion, pg_collation_actual_version(c.oid)
FROM pg_collation AS c JOIN pg_namespace AS n ON n.oid = c.collnamespace
WHERE c.collversion IS NOT NULL
	AND EXISTS (SELECT FROM pg_attribute AS a JOIN pg_index AS i ON i.indexrelid = a.attrelid WHERE a.attcollation = c.oid)
$$;
COMMENT ON FUNCTION lsce._known_collation_versions() IS 'collations that indexes of this database depend on, with the version they were built with and the present one';

CREATE FUNCTION lsce._newest_version(schema name)
RETURNS integer
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN (SELECT v.version FROM lsce._as_owner(schema, format('SELECT max(version) FROM %I.model_version', schema)) AS v (version integer));
COMMENT ON FUNCTION lsce._newest_version(name) IS 'version that a model has; NULL: it says none';

CREATE FUNCTION lsce.check_model(schema name DEFAULT 'crm', OUT check_code text, OUT ok boolean, OUT subject text, OUT detail text)
RETURNS SETOF record
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	model oid := lsce._require_model_owner(schema, 'checking');
	owner_role record;
	reference jsonb;
	code constant integer := lsce._model_version();
	newest integer;
	bad bigint := 0;
BEGIN
	newest := lsce._newest_version(schema);
	check_code := 'version';
	ok := newest IS NOT DISTINCT FROM code;
	subject := schema;
	detail := format('the model has version %s, the code %s', coalesce(newest::text, 'none'), code)
		|| CASE WHEN newest < code THEN format('; CALL lsce.upgrade_model(%L);', schema) WHEN newest > code THEN '; install the newer lsce' ELSE '' END;
	RETURN NEXT;

	CALL lsce._reference(schema, reference);
	check_code := 'objects';
	ok := false;
	FOR subject, detail IN
		SELECT concat_ws(' ', d.kind, nullif(d.parent, ''), nullif(d.name, '')),
			CASE d.problem WHEN 'missing' THEN 'missing' WHEN 'added' THEN format('added: %s', d.found)
				ELSE format('is: %s; should be: %s', d.found, d.expected) END
		FROM lsce._drift(schema, reference) AS d
		-- what users add is theirs, but not what can change the rules of our tables
		WHERE (d.problem <> 'added' AND d.kind <> 'comment') OR (d.kind IN ('policy', 'rule', 'inheritance')
			AND d.parent IN (SELECT r.name FROM jsonb_to_recordset(reference) AS r (kind text, name text) WHERE r.kind IN ('table', 'view')))
		ORDER BY 1
	LOOP
		bad := bad + 1;
		RETURN NEXT;
	END LOOP;
	IF bad = 0 THEN
		ok := true;
		subject := schema;
		detail := format('all %s objects are as the code creates them',
			(SELECT count(*) FROM jsonb_to_recordset(reference) AS r (kind text) WHERE r.kind <> 'comment'));
		RETURN NEXT;
	END IF;

	-- keys of names go stale when the server's ICU changes
	IF to_regprocedure(format('%I.name_keys_stale()', schema)) IS NOT NULL THEN
		BEGIN
			FOR check_code, ok, subject, detail IN
				SELECT k.* FROM lsce._as_owner(schema, format('SELECT check_code, ok, subject, detail FROM %I.name_keys_stale()', schema))
					AS k (check_code text, ok boolean, subject text, detail text)
			LOOP
				RETURN NEXT;
			END LOOP;
		EXCEPTION
			-- the function is among the objects that may have drifted
			WHEN others THEN
				check_code := 'name_keys';
				ok := false;
				subject := 'name_keys_stale()';
				detail := format('fails: %s', SQLERRM);
				RETURN NEXT;
		END;
	END IF;

	SELECT r.rolname, r.rolcanlogin, r.rolsuper INTO owner_role
	FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner WHERE n.oid = model;
	check_code := 'owner';
	ok := NOT owner_role.rolcanlogin;
	subject := owner_role.rolname;
	detail := CASE WHEN ok THEN 'nobody can log in as the owner' ELSE 'the owner can log in and is not held by row security; ALTER SCHEMA and tables to a role with NOLOGIN' END;
	RETURN NEXT;
	check_code := 'ownership';
	FOR subject, detail IN
		SELECT format('%s', o.what), format('belongs to %s', pg_get_userbyid(o.owner))
		FROM (
			SELECT c.oid::regclass::text AS what, c.relowner AS owner FROM pg_class AS c WHERE c.relnamespace = model AND c.relkind IN ('r', 'p', 'v')
			UNION ALL
			SELECT p.oid::regprocedure::text, p.proowner FROM pg_proc AS p WHERE p.pronamespace = model
		) AS o
		WHERE o.owner <> (SELECT nspowner FROM pg_namespace WHERE oid = model)
		ORDER BY 1
	LOOP
		ok := false;
		RETURN NEXT;
	END LOOP;

	check_code := 'public grants';
	ok := false;
	FOR subject, detail IN
		SELECT g.what, format('%s granted to PUBLIC', g.privileges)
		FROM (
			SELECT 'schema ' || n.nspname AS what, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
			FROM pg_namespace AS n CROSS JOIN aclexplode(n.nspacl) AS a WHERE n.oid = model AND a.grantee = 0 GROUP BY 1
			UNION ALL
			SELECT c.relname, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
			FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a WHERE c.relnamespace = model AND a.grantee = 0 GROUP BY 1
			UNION ALL
			SELECT p.oid::regprocedure::text, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
			FROM pg_proc AS p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE p.pronamespace = model AND a.grantee = 0 GROUP BY 1
		) AS g ORDER BY 1
	LOOP
		RETURN NEXT;
	END LOOP;

	check_code := 'persona grants';
	FOR subject, detail IN
		SELECT g.db_role, CASE WHEN r.oid IS NULL THEN 'the role does not exist'
			ELSE format('%s as %s is missing: CALL lsce.grant_persona(%L, %L, %L);',
				string_agg(m.privilege || ' on ' || m.object, ', ' ORDER BY m.object, m.privilege), g.persona, schema, g.persona, g.db_role) END
		FROM lsce._granted_personas(schema) AS g
		LEFT JOIN pg_roles AS r ON r.rolname = g.db_role
		LEFT JOIN lsce._model_rights(schema) AS m ON m.persona = g.persona
		WHERE r.oid IS NULL OR CASE
			WHEN m.object_kind = 'ROUTINE' THEN NOT has_function_privilege(r.oid, m.object, m.privilege)
			WHEN m.columns IS NULL THEN NOT has_table_privilege(r.oid, m.object, m.privilege)
			ELSE EXISTS (SELECT FROM unnest(m.columns) AS c WHERE NOT has_column_privilege(r.oid, m.object, c, m.privilege)) END
		GROUP BY g.db_role, g.persona, r.oid
		UNION ALL
		SELECT g.db_role, format('reads %s.%s, which none of its personas may', w.table_name, c.name)
		FROM (SELECT p.db_role, array_agg(p.persona) AS personas FROM lsce._granted_personas(schema) AS p GROUP BY p.db_role) AS g
		JOIN pg_roles AS r ON r.rolname = g.db_role AND NOT r.rolsuper
		JOIN lsce._withheld_columns() AS w ON NOT g.personas && w.personas
		CROSS JOIN unnest(w.columns) AS c (name)
		JOIN pg_attribute AS a ON a.attrelid = to_regclass(format('%I.%I', schema, w.table_name)) AND a.attname = c.name
		WHERE has_column_privilege(r.oid, a.attrelid, a.attnum, 'SELECT')
		ORDER BY 1, 2
	LOOP
		RETURN NEXT;
	END LOOP;

	FOR subject, detail IN
		SELECT format('policy %s %s', v.table_name, v.policy), format('holds for %s instead of %s; grant any persona anew', v.actual, v.expected)
		FROM lsce._view_policies(schema) AS v WHERE v.actual IS DISTINCT FROM v.expected ORDER BY 1
	LOOP
		RETURN NEXT;
	END LOOP;

	check_code := 'collation version';
	FOR subject, ok, detail IN
		SELECT v.subject, v.recorded IS NOT DISTINCT FROM v.actual,
			format('built with %s, now %s%s', coalesce(v.recorded, 'no version'), coalesce(v.actual, 'no version'),
				CASE WHEN v.recorded IS DISTINCT FROM v.actual THEN '; REINDEX, then ALTER ... REFRESH VERSION' ELSE '' END)
		FROM lsce._known_collation_versions() AS v ORDER BY 1
	LOOP
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION lsce.check_model(name) IS 'compares a model with what the code would create, and its owner, grants and collation versions with what they should be. Rows with ok = false need attention. Builds a reference and rolls it back, so it needs CREATE on the database and a transaction that may write';

CREATE PROCEDURE lsce._bring_in_line(schema name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	reference jsonb;
	item record;
	holder name;
BEGIN
	CALL lsce._reference(schema, reference);
	-- what is made belongs to the owner, whoever calls
	FOR item IN
		SELECT d.* FROM lsce._drift(schema, reference) AS d
		-- a column that changed is for a person to decide, and an index that belongs
		-- to a constraint comes with it
		WHERE d.create_command IS NOT NULL AND d.kind <> 'comment'
			AND (d.problem = 'missing' OR (d.problem = 'changed' AND d.kind NOT IN ('table', 'column')))
		ORDER BY array_position('{table,column,constraint,index,view,function,"row security",policy,trigger}'::text[],
			CASE d.kind WHEN 'view' THEN 'function' ELSE d.kind END), d.ord, d.parent, d.name
	LOOP
		IF item.problem = 'changed' AND item.kind IN ('policy', 'trigger', 'constraint', 'index') THEN
			PERFORM lsce._do_as_owner(schema, CASE item.kind
				WHEN 'policy' THEN format('DROP POLICY %I ON %I.%I', item.name, schema, item.parent)
				WHEN 'trigger' THEN format('DROP TRIGGER %I ON %I.%I', item.name, schema, item.parent)
				WHEN 'constraint' THEN format('ALTER TABLE %I.%I DROP CONSTRAINT %I', schema, item.parent, item.name)
				ELSE format('DROP INDEX %I.%I', schema, item.name) END);
		END IF;
		BEGIN
			PERFORM lsce._do_as_owner(schema, item.create_command);
		EXCEPTION WHEN invalid_function_definition OR invalid_table_definition THEN
			-- OR REPLACE does not change result columns or the names of parameters
			IF item.problem <> 'changed' OR item.kind NOT IN ('function', 'view') THEN
				RAISE;
			ELSIF item.kind = 'view' THEN
				PERFORM lsce._do_as_owner(schema, format('DROP VIEW %I.%I', schema, item.name));
			ELSE
				PERFORM lsce._do_as_owner(schema, format('DROP ROUTINE %I.%s', schema, item.name));
			END IF;
			PERFORM lsce._do_as_owner(schema, item.create_command);
			item.problem := 'missing';
		END;
		IF item.kind = 'function' AND item.problem = 'missing' THEN
			PERFORM lsce._do_as_owner(schema, format('REVOKE ALL ON ROUTINE %I.%s FROM PUBLIC', schema, item.name));
		END IF;
	END LOOP;
	-- what was just made has no comment yet, so this asks again
	FOR item IN
		SELECT d.create_command FROM lsce._drift(schema, reference) AS d WHERE d.kind = 'comment' AND d.problem <> 'added' ORDER BY d.name
	LOOP
		PERFORM lsce._do_as_owner(schema, item.create_command);
	END LOOP;
	FOR holder IN SELECT DISTINCT g.db_role FROM lsce._granted_personas(schema) AS g JOIN pg_roles AS r ON r.rolname = g.db_role
	LOOP
		CALL lsce._apply_personas(schema, holder);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE lsce._bring_in_line(name) IS 'makes what a model lacks, and its functions, views, indexes, constraints, policies, triggers and comments what the code would create; rows and what users added stay';

CREATE PROCEDURE lsce.upgrade_model(schema name DEFAULT 'crm')
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	model oid := lsce._require_model_owner(schema, 'upgrading');
	newest integer;
	code constant integer := lsce._model_version();
BEGIN
	PERFORM lsce._check_lock_table('upgrading', 2 * lsce._locks_needed());
	PERFORM pg_advisory_xact_lock(hashtextextended('lsce model ' || schema, 0));
	newest := lsce._newest_version(schema);
	IF newest IS NULL OR newest > code THEN
		PERFORM lsce.raise_reason('MODEL_VERSION', format('model "%s" has version %s; the code knows versions 1 to %s', schema, coalesce(newest::text, 'none'), code));
	END IF;
	CALL lsce._bring_in_line(schema);
	PERFORM lsce._do_as_owner(schema, format('INSERT INTO %I.model_version (version, extension_version)
		SELECT %s, e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = ''lsce''
		ON CONFLICT (version) DO UPDATE SET extension_version = excluded.extension_version', schema, code));
END
$$;
COMMENT ON PROCEDURE lsce.upgrade_model(name) IS 'brings a model to the version of the code: what is missing is made, and functions, views, indexes, constraints, policies, triggers, comments and grants are made anew where they differ; rows, user columns and user indexes stay';

CREATE PROCEDURE lsce.rename_model(old name, new name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	model oid := lsce._require_model_owner(old, 'renaming');
BEGIN
	PERFORM lsce._check_model_name(new);
	PERFORM pg_advisory_xact_lock(hashtextextended('lsce model ' || least(old, new), 0));
	PERFORM pg_advisory_xact_lock(hashtextextended('lsce model ' || greatest(old, new), 0));
	EXECUTE format('ALTER SCHEMA %I RENAME TO %I', old, new);
	-- functions in PL/pgSQL carry the name of their schema in their settings
	CALL lsce._bring_in_line(new);
END
$$;
COMMENT ON PROCEDURE lsce.rename_model(name, name) IS 'renames the schema of a model and what carries its name; nothing is copied';
