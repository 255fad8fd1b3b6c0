-- The demo: a company with field forces in the United States, Japan and
-- Germany, made up from a seed and the same on every machine.

CREATE FUNCTION lsce._demo_random(seed integer, stream text, n bigint)
RETURNS double precision
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_demo_random';
COMMENT ON FUNCTION lsce._demo_random(integer, text, bigint) IS 'the n-th number of a stream, in [0, 1); the same on every machine and version';

CREATE FUNCTION lsce._demo_uuid(seed integer, stream text, n bigint)
RETURNS uuid
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_demo_uuid';
COMMENT ON FUNCTION lsce._demo_uuid(integer, text, bigint) IS 'the n-th id of a stream, rising with n; the same on every machine and version';

CREATE FUNCTION lsce._demo_progress(table_name text, number_of_rows bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE NOTICE '%: % rows', table_name, number_of_rows;
END
$$;
COMMENT ON FUNCTION lsce._demo_progress(text, bigint) IS 'tells what lsce.load_demo() has filled';

CREATE PROCEDURE lsce.load_demo(schema name DEFAULT 'crm', accounts integer DEFAULT 1000, seed integer DEFAULT 42)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
SET IntervalStyle = 'postgres'
SET extra_float_digits = 1
AS $$
DECLARE
	module record;
	taken boolean;
BEGIN
	IF accounts IS NULL OR accounts NOT BETWEEN 100 AND 1000000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the demo has 100 to 1000000 accounts, not %s', coalesce(accounts::text, 'NULL'));
	END IF;
	IF seed IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'the seed of the demo is NULL';
	END IF;
	IF schema IS NULL OR to_regclass(format('%I.account', schema)) IS NULL OR to_regclass(format('%I.limit_template', schema)) IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('schema "%s" holds no model', schema),
			HINT = format('CALL lsce.create_model(%L);', coalesce(schema, 'crm'));
	END IF;
	IF NOT EXISTS (SELECT FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner WHERE n.nspname = schema AND r.rolname = current_user) THEN
		PERFORM lsce.raise_reason('OWNER_REQUIRED', format('loading the demo into model "%s" takes its owner "%s", not "%s"', schema,
			(SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace AS n WHERE n.nspname = schema), current_user));
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.account) OR EXISTS (SELECT FROM %1$I.company)', schema) INTO taken;
	IF taken THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('model "%s" is not empty', schema),
			HINT = 'The demo fills a new model: create one with lsce.create_model().';
	END IF;
	EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.country)', schema) INTO taken;
	IF taken THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('model "%s" was created without its seeds', schema),
			HINT = 'The demo needs countries, regions and limit templates: create the model with seed => true.';
	END IF;

	PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
	CREATE TEMPORARY TABLE demo_parameter ON COMMIT DROP AS
	SELECT load_demo.accounts AS accounts, load_demo.seed AS seed, DATE '2026-03-02' AS today;
	ANALYZE pg_temp.demo_parameter;
	FOR module IN
		SELECT m.body FROM lsce._modules() AS m WHERE m.kind = 'demo' ORDER BY m.ord
	LOOP
		EXECUTE lsce._module_text(module.body, schema);
	END LOOP;
	DROP TABLE pg_temp.demo_parameter;
END
$$;
COMMENT ON PROCEDURE lsce.load_demo(name, integer, integer) IS 'fills a new model with a made-up company, its products, field force, accounts, stock and history; the same seed gives the same rows everywhere';
