-- Imports: documents of other systems into a model.  The work is done by the
-- functions of the model, with the rights of the caller.

CREATE FUNCTION lsce._require_import(schema name)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF schema IS NULL OR to_regclass(format('%I.import_record', schema)) IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('schema "%s" holds no model that takes imports', coalesce(schema, 'NULL')),
			HINT = 'SELECT * FROM lsce.models(); lists the models.';
	END IF;
END
$$;
COMMENT ON FUNCTION lsce._require_import(name) IS 'raises an error when a schema is no model with imports';

CREATE FUNCTION lsce._acts_for_owner(schema name)
RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = schema AND pg_has_role(n.nspowner, 'USAGE') AND pg_get_userbyid(n.nspowner) <> current_user);
COMMENT ON FUNCTION lsce._acts_for_owner(name) IS 'whether the caller has the rights of the owner of a schema without being him: superusers and members. Code of the owner is then run as him';

CREATE FUNCTION lsce.import_lsc(schema name, object text, document jsonb,
	system text DEFAULT 'salesforce', country_code text DEFAULT NULL, team text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lsce._require_import(schema);
	IF lsce._acts_for_owner(schema) THEN
		RETURN QUERY SELECT * FROM lsce._rows_as_owner(schema, format('SELECT * FROM %I.import_lsc_document(%L, %L, %L, %L, %L)', schema,
			object, document, import_lsc.system, import_lsc.country_code, import_lsc.team))
			AS r (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text);
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format('SELECT * FROM %I.import_lsc_document($1, $2, $3, $4, $5)', schema)
		USING object, document, import_lsc.system, import_lsc.country_code, import_lsc.team;
END
$$;
COMMENT ON FUNCTION lsce.import_lsc(name, text, jsonb, text, text, text) IS 'imports a data tree of one object of Salesforce Life Sciences Cloud into a model; see import_lsc_document() of the model';

CREATE FUNCTION lsce.import_fhir(schema name, resource jsonb, system text DEFAULT 'fhir', country_code text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lsce._require_import(schema);
	IF lsce._acts_for_owner(schema) THEN
		RETURN QUERY SELECT * FROM lsce._rows_as_owner(schema, format('SELECT * FROM %I.import_fhir_document(%L, %L, %L)', schema,
			resource, import_fhir.system, import_fhir.country_code))
			AS r (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text);
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format('SELECT * FROM %I.import_fhir_document($1, $2, $3)', schema)
		USING resource, import_fhir.system, import_fhir.country_code;
END
$$;
COMMENT ON FUNCTION lsce.import_fhir(name, jsonb, text, text) IS 'imports a FHIR R4 resource or a Bundle into a model; see import_fhir_document() of the model';
