-- Models: creating one, dropping one.  Every procedure here runs with the
-- rights of its caller and in the caller's transaction.

GRANT USAGE ON SCHEMA lsce TO PUBLIC;

CREATE FUNCTION lsce._model_version()
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1;
COMMENT ON FUNCTION lsce._model_version() IS 'version of the model that this version of the code creates and understands';

CREATE FUNCTION lsce._check_model_name(schema name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	problem := CASE
		WHEN schema IS NULL THEN 'is missing'
		WHEN schema = '' THEN 'is empty'
		WHEN schema = ANY ('{lsce,public,information_schema}'::name[]) THEN 'is reserved'
		WHEN starts_with(schema::text, 'pg_') THEN 'is reserved: names that begin with pg_ belong to the server'
		WHEN starts_with(schema::text, 'lsce_reference') THEN 'is reserved: lsce.check_model() builds its reference there'
		WHEN schema::text ~ '[[:cntrl:]]' THEN 'holds a control character'
		WHEN schema::text ~ '\$[^$]*\$' THEN 'holds two dollar signs, which delimit function bodies'
	END;
	IF problem IS NOT NULL THEN
		PERFORM lsce.raise_reason('MODEL_NAME', format('schema name %s%s', coalesce('"' || schema || '" ', ''), problem));
	END IF;
END
$$;
COMMENT ON FUNCTION lsce._check_model_name(name) IS 'raises MODEL_NAME when a schema of this name cannot hold a model';

CREATE FUNCTION lsce._module_text(body text, schema name)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (
	SELECT string_agg(replace(part, '@model@', quote_ident(schema::text)), quote_literal(quote_ident(schema::text)) ORDER BY ord)
	FROM unnest(string_to_array(body, '@model_literal@')) WITH ORDINALITY AS u (part, ord)
);
COMMENT ON FUNCTION lsce._module_text(text, name) IS 'text of a module with the name of a schema put in place of @model@ (quoted name) and @model_literal@ (the same as a string literal)';

CREATE FUNCTION lsce._locks_needed()
RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- a table takes a lock for itself, its TOAST table and the index of that, and
	-- as many again for its history; every index and constraint one more
	SELECT 100 + sum(6 * regexp_count(body, '\mCREATE TABLE\M') + regexp_count(body, '\mINDEX\M')
		+ 2 * regexp_count(body, '\m(PRIMARY KEY|UNIQUE \(|EXCLUDE)'))::integer
	FROM lsce._modules() WHERE kind = 'model'
$$;
COMMENT ON FUNCTION lsce._locks_needed() IS 'how many entries of the lock table creating a model may take';

CREATE FUNCTION lsce._locks_to_drop(schema name)
RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
	-- DROP SCHEMA locks every object: relations and their TOAST tables, row types,
	-- defaults, constraints, triggers (four for a foreign key), policies, functions
	SELECT (100 + count(*) + sum(
		CASE WHEN c.relkind IN ('r', 'p') THEN 5
			+ (SELECT count(*) FROM pg_attrdef AS d WHERE d.adrelid = c.oid)
			+ (SELECT count(*) FROM pg_constraint AS o WHERE o.conrelid = c.oid)
			+ (SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = c.oid)
			+ (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid)
		ELSE 2 END)
		+ (SELECT count(*) FROM pg_proc AS p JOIN pg_namespace AS pn ON pn.oid = p.pronamespace WHERE pn.nspname = schema))::integer
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = schema
$$;
COMMENT ON FUNCTION lsce._locks_to_drop(name) IS 'how many entries of the lock table dropping a model may take';

CREATE FUNCTION lsce._check_lock_table(action text, needed integer)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	backends integer := current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer;
	taken integer := (SELECT count(*) FROM pg_locks WHERE NOT fastpath);
	room integer := current_setting('max_locks_per_transaction')::integer * backends;
BEGIN
	IF room - taken < needed THEN
		RAISE EXCEPTION USING
			ERRCODE = 'configuration_limit_exceeded',
			MESSAGE = format('%s a model needs %s entries of the lock table, which has %s and %s of them taken', action, needed, room, taken),
			HINT = format('Set max_locks_per_transaction to %s or more and restart the server.', (needed + taken) / backends + 16);
	END IF;
END
$$;
COMMENT ON FUNCTION lsce._check_lock_table(text, integer) IS 'raises an error that names the setting when the lock table is too small';

CREATE PROCEDURE lsce._build_model(schema name, seed boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	module record;
BEGIN
	PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
	FOR module IN
		SELECT m.body FROM lsce._modules() AS m
		WHERE m.kind = 'model' OR (m.kind = 'seed' AND seed)
		ORDER BY m.kind = 'seed', m.ord
	LOOP
		EXECUTE lsce._module_text(module.body, schema);
	END LOOP;
	EXECUTE format('INSERT INTO %I.model_version (version, extension_version) SELECT $1, extversion FROM pg_catalog.pg_extension WHERE extname = ''lsce''', schema)
		USING lsce._model_version();
	EXECUTE format('REVOKE ALL ON SCHEMA %1$I FROM PUBLIC', schema);
	EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %1$I FROM PUBLIC', schema);
	EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %1$I FROM PUBLIC', schema);
	EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %1$I FROM PUBLIC', schema);
END
$$;
COMMENT ON PROCEDURE lsce._build_model(name, boolean) IS 'fills an empty schema with the objects of a model and, with seed, its reference rows';

CREATE PROCEDURE lsce.create_model(schema name DEFAULT 'crm', seed boolean DEFAULT true)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_owner oid;
	found_schema oid;
BEGIN
	PERFORM lsce._check_model_name(schema);
	IF seed IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'seed is missing: true for reference rows, false for none';
	END IF;
	IF getdatabaseencoding() <> 'UTF8' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = format('a model needs a database with encoding UTF8, not %s', getdatabaseencoding()),
			HINT = 'Create a database with ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'a model needs the extension btree_gist',
			HINT = 'CREATE EXTENSION btree_gist;';
	END IF;
	PERFORM lsce._check_lock_table('creating', lsce._locks_needed());
	PERFORM pg_advisory_xact_lock(hashtextextended('lsce model ' || schema, 0));

	SELECT n.oid, n.nspowner INTO found_schema, found_owner FROM pg_namespace AS n WHERE n.nspname = schema;
	IF found_schema IS NULL THEN
		EXECUTE format('CREATE SCHEMA %I', schema);
	ELSIF found_owner <> current_user::regrole THEN
		PERFORM lsce.raise_reason('OWNER_REQUIRED',
			format('schema "%s" is owned by "%s", not by "%s"', schema, pg_get_userbyid(found_owner), current_user));
	ELSIF EXISTS (SELECT FROM pg_depend AS d
			WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = found_schema AND d.deptype = 'n') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_schema',
			MESSAGE = format('schema "%s" exists and is not empty', schema),
			HINT = 'A model is created in a schema of its own: choose another name or drop what is there.';
	END IF;
	CALL lsce._build_model(schema, seed);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', schema, 'lsce model: life-sciences customer engagement');
END
$$;
COMMENT ON PROCEDURE lsce.create_model(name, boolean) IS 'creates a model in a new (or empty, own) schema: tables, triggers, views and functions owned by the caller, nothing granted to PUBLIC; with seed also the reference rows';

CREATE PROCEDURE lsce.drop_model(schema name, confirm name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
SET jit = off
AS $$
DECLARE
	found_schema oid := lsce._require_model_owner(schema, 'dropping');
	outside text;
BEGIN
	IF confirm IS DISTINCT FROM schema THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('dropping model "%s" is not confirmed', schema),
			DETAIL = 'All its rows, decisions and history would be lost.',
			HINT = format('CALL lsce.drop_model(%L, confirm => %L);', schema, schema);
	END IF;
	PERFORM lsce._check_lock_table('dropping', lsce._locks_to_drop(schema));
	PERFORM pg_advisory_xact_lock(hashtextextended('lsce model ' || schema, 0));
	-- what other schemas built on the model would be dropped without a word
	SELECT string_agg(o.what, ', ' ORDER BY o.what) INTO outside
	FROM (
		SELECT DISTINCT pg_describe_object(d.classid, d.objid, 0) AS what
		FROM pg_depend AS d
		LEFT JOIN pg_class AS referenced_class ON d.refclassid = 'pg_class'::regclass AND referenced_class.oid = d.refobjid
		LEFT JOIN pg_proc AS referenced_proc ON d.refclassid = 'pg_proc'::regclass AND referenced_proc.oid = d.refobjid
		LEFT JOIN pg_constraint AS referenced_constraint ON d.refclassid = 'pg_constraint'::regclass AND referenced_constraint.oid = d.refobjid
		LEFT JOIN pg_rewrite AS rule ON d.classid = 'pg_rewrite'::regclass AND rule.oid = d.objid
		LEFT JOIN pg_class AS rule_class ON rule_class.oid = rule.ev_class
		LEFT JOIN pg_constraint AS con ON d.classid = 'pg_constraint'::regclass AND con.oid = d.objid
		LEFT JOIN pg_proc AS proc ON d.classid = 'pg_proc'::regclass AND proc.oid = d.objid
		WHERE found_schema IN (referenced_class.relnamespace, referenced_proc.pronamespace, referenced_constraint.connamespace)
			AND coalesce(rule_class.relnamespace, con.connamespace, proc.pronamespace) <> found_schema
	) AS o;
	IF outside IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('objects of other schemas depend on model "%s"', schema),
			DETAIL = outside,
			HINT = 'Drop them first.';
	END IF;
	EXECUTE format('DROP SCHEMA %I CASCADE', schema);
END
$$;
COMMENT ON PROCEDURE lsce.drop_model(name, name) IS 'drops a model with all its rows; confirm must repeat its name. Refused while objects of other schemas depend on it';
