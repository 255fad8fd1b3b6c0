-- Personas: what each may do with a model.  The rules stand here and nowhere
-- else; lsce.grant_persona() turns them into GRANTs to a role.

CREATE FUNCTION lsce._personas(OUT persona text, OUT whole_view boolean, OUT description text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 17
SET search_path = pg_catalog, pg_temp
AS $$
VALUES
	('field_rep', false, 'visits accounts of own territories, gives samples'),
	('inside_rep', false, 'works accounts of own territories by telephone and video, has samples shipped'),
	('partner_rep', false, 'field rep of a partner company'),
	('kam', false, 'key account manager of organisations and payers'),
	('msl', false, 'medical science liaison; no samples'),
	('medinfo', true, 'answers medical inquiries'),
	('safety', true, 'follows up adverse events and product complaints'),
	('manager', false, 'leads the people of the territories below own ones'),
	('admin', true, 'users, teams, territories, products and settings; no facts'),
	('data_steward', true, 'accounts, their places, licences and keys'),
	('sample_ops', true, 'stock, lots, requests and shipping'),
	('mops', true, 'marketing operations: guidance and messages'),
	('compliance', true, 'policies, limits, consent regimes, discrepancies'),
	('auditor', true, 'reads everything, history too, and writes nothing'),
	('ingest', true, 'feeds and device synchronisation'),
	('pool', false, 'connection pool: names the user in lsce.login, then sets the role of a persona'),
	('system', true, 'jobs: outbox, confirmations, verification')
$$;
COMMENT ON FUNCTION lsce._personas() IS 'the personas; whole_view: row security shows every row';

CREATE FUNCTION lsce.whole_view_personas()
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT array_agg(persona ORDER BY persona) FROM lsce._personas() WHERE whole_view $$;
COMMENT ON FUNCTION lsce.whole_view_personas() IS 'personas for which row security shows every row';

CREATE FUNCTION lsce._object_groups(OUT name text, OUT members text[])
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
SET search_path = pg_catalog, pg_temp
AS $$
VALUES
	('organisation', '{company,app_user,user_assignment,user_qualification,sales_team,territory_node,territory_model,
		territory_place,territory_user,product_territory_alignment,setting}'::text[]),
	('reference', '{country,region,code_value,currency_rate}'),
	('products', '{product,product_edge_rule,product_market,co_promotion,product_indication,product_guidance,guidance_text}'),
	('rules', '{specialty_set,specialty_set_member,sampling_policy,product_account_restriction,limit_template,limit_rule,
		limit_assignment,association_membership,data_use_purpose,channel_type,consent_regime}'),
	('accounts', '{account,hcp,hco,account_identifier,contact_point,account_specialty,account_certification,license,
		license_product,affiliation,affiliation_product,account_rating}'),
	('alignment', '{account_territory}'),
	('keys', '{external_key,attachment}'),
	('exports', '{fhir_practitioner,fhir_practitioner_role,fhir_organization,fhir_organization_affiliation,fhir_location,fhir_healthcare_service}'),
	('import_functions', '{import_lsc_document,import_fhir_document,import_resolve,import_stage,import_settle,import_source_values,import_run,import_lsc_record,import_lsc_account,
		import_lsc_provider,import_lsc_relation,import_lsc_code,import_lsc_product,import_lsc_territory,import_lsc_guidance,import_fhir_record,
		import_fhir_id,import_fhir_details,import_fhir_address,import_fhir_practitioner,import_fhir_organization,import_fhir_location,import_fhir_role}'),
	('matching', '{nickname,match_weight}'),
	('visits', '{visit,signature}'),
	('requests', '{sample_request,sample_request_line,v_request_fulfilment}'),
	('samples', '{disbursement,disbursement_reversal,sample_receipt,v_disbursement}'),
	('consent', '{consent_event,outbound_message}'),
	('decisions', '{decision,discrepancy}'),
	('lots', '{product_batch,inventory_location}'),
	('stock', '{inventory_stock,inventory_operation,inventory_entry}'),
	('counters', '{limit_counter,limit_use}'),
	('identity', '{merge_policy,account_merge,account_merge_row,account_source_value,survivorship_rule}')
$$;
COMMENT ON FUNCTION lsce._object_groups() IS 'groups of tables that the rules of personas name with a leading @';

CREATE FUNCTION lsce._persona_rules(OUT personas text[], OUT privileges text, OUT objects text[])
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 40
SET search_path = pg_catalog, pg_temp
AS $$
VALUES
	-- reading
	('{field_rep,inside_rep,partner_rep,kam,msl,medinfo,safety,manager,admin,data_steward,sample_ops,mops,compliance,auditor,ingest,system}'::text[],
		'SELECT', '{model_version,@reference,@organisation,@products,@rules,@accounts,@alignment,@keys,@identity,@matching,@exports,data_change_request}'::text[]),
	('{field_rep,inside_rep,partner_rep,manager,sample_ops,compliance,auditor,ingest,system}',
		'SELECT', '{@visits,@requests,@samples,@consent,@decisions,@lots,inventory_stock}'),
	('{kam,msl,medinfo}', 'SELECT', '{@visits,@consent,decision}'),
	('{safety}', 'SELECT', '{@visits,@samples,@lots,decision}'),
	('{admin,data_steward,mops}', 'SELECT', '{@consent,@lots}'),
	('{sample_ops,compliance,auditor,system}', 'SELECT', '{@stock,@counters}'),
	('{compliance,auditor,system}', 'SELECT', '{outbox}'),
	('{admin,compliance,auditor,system}', 'SELECT', '{persona_grant}'),
	('{compliance,auditor,system}', 'SELECT', '{@history}'),
	-- field work
	('{field_rep,inside_rep,partner_rep,kam,msl,manager,ingest}', 'INSERT', '{@visits}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,manager,ingest}', 'UPDATE', '{visit}'),
	('{field_rep,inside_rep,partner_rep,sample_ops,ingest}', 'INSERT', '{sample_request,sample_request_line,disbursement,sample_receipt}'),
	('{field_rep,inside_rep,partner_rep,sample_ops,ingest}', 'UPDATE', '{sample_request}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,manager,mops,data_steward,ingest}', 'INSERT', '{consent_event}'),
	('{field_rep,inside_rep,partner_rep,kam,mops,medinfo,system}', 'INSERT', '{outbound_message}'),
	('{mops,system}', 'UPDATE', '{outbound_message}'),
	('{sample_ops}', 'INSERT', '{signature,inventory_operation,inventory_entry}'),
	('{field_rep,inside_rep,partner_rep,sample_ops}', 'INSERT', '{disbursement_reversal}'),
	-- master data and rules
	('{admin}', 'INSERT, UPDATE', '{@organisation,@reference,@products}'),
	('{data_steward,ingest}', 'INSERT, UPDATE', '{@accounts,@keys}'),
	('{data_steward,ingest}', 'INSERT', '{account_source_value}'),
	('{data_steward}', 'INSERT, UPDATE', '{survivorship_rule}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,medinfo,manager,data_steward,ingest}', 'INSERT', '{data_change_request}'),
	('{data_steward}', 'UPDATE', '{data_change_request}'),
	('{admin,data_steward,ingest}', 'SELECT, INSERT, UPDATE', '{import_record}'),
	('{admin}', 'INSERT', '{external_key}'),
	('{data_steward}', 'INSERT, UPDATE, DELETE', '{@matching,account_name_key}'),
	('{data_steward,auditor,system}', 'SELECT', '{account_name_key}'),
	('{mops}', 'INSERT, UPDATE', '{product_guidance,guidance_text}'),
	('{compliance}', 'INSERT, UPDATE', '{@rules}'),
	('{compliance,sample_ops}', 'UPDATE', '{discrepancy}'),
	('{sample_ops}', 'INSERT, UPDATE', '{@lots}'),
	-- functions that write, or that tell more than row security would
	('{field_rep,inside_rep,partner_rep,kam,msl,medinfo,manager,sample_ops,mops,compliance,system}', 'EXECUTE', '{decide}'),
	('{field_rep,inside_rep,partner_rep,sample_ops}', 'EXECUTE', '{disburse,reverse_disbursement,sign_request,acknowledge}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,manager,mops,data_steward,ingest}', 'EXECUTE', '{record_consent}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,manager,mops,data_steward,ingest,system}', 'EXECUTE', '{confirm_consent}'),
	('{field_rep,inside_rep,partner_rep,kam,mops,medinfo,system}', 'EXECUTE', '{queue_message}'),
	('{mops,system}', 'EXECUTE', '{send_message}'),
	('{sample_ops}', 'EXECUTE', '{post_operation,virtual_location,resolve_unresolved,report_incident}'),
	('{ingest}', 'EXECUTE', '{sync}'),
	('{data_steward}', 'EXECUTE', '{merge_account,unmerge_account,approve_change,reject_change,open_change,apply_change}'),
	('{data_steward,ingest}', 'EXECUTE', '{apply_golden_record}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,medinfo,manager,data_steward,ingest}', 'EXECUTE', '{request_change}'),
	('{admin,data_steward,ingest}', 'EXECUTE', '{@import_functions}'),
	('{data_steward}', 'EXECUTE', '{fit_match_weights,rebuild_name_keys}'),
	('{data_steward,auditor,system}', 'EXECUTE', '{name_keys_stale}'),
	('{system}', 'EXECUTE', '{name_candidates}'),
	('{admin,data_steward,compliance,sample_ops}', 'EXECUTE', '{end_date}'),
	('{compliance,auditor,system}', 'EXECUTE', '{as_of,simulate,replay}'),
	('{system}', 'EXECUTE', '{outbox_read}'),
	('{system}', 'DELETE', '{outbox}'),
	('{field_rep,inside_rep,partner_rep,kam,msl,medinfo,safety,manager,admin,data_steward,sample_ops,mops,compliance,auditor,ingest,system}',
		'EXECUTE', '{@read_functions}'),
	('{pool}', 'EXECUTE', '{acting_user}')
$$;
COMMENT ON FUNCTION lsce._persona_rules() IS 'which personas have which privileges on which tables and functions of a model. @history: the history tables. @read_functions: functions that write nothing and that no other rule names; a function that writes is granted only by name';

CREATE FUNCTION lsce._withheld_columns(OUT table_name text, OUT columns text[], OUT personas text[])
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, pg_temp
AS $$
VALUES
	-- what rows said that the reader of a decision may not see; decision_steps() redacts
	('decision', '{facts}'::text[], '{compliance,auditor,system}'::text[]),
	('outbox', '{secret}', '{system}')
$$;
COMMENT ON FUNCTION lsce._withheld_columns() IS 'columns that only these personas read of a table that others read as well';

CREATE FUNCTION lsce.personas(OUT persona text, OUT description text, OUT whole_view boolean,
	OUT may_read text[], OUT may_insert text[], OUT may_update text[], OUT may_delete text[], OUT may_execute text[])
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 17
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
WITH rights AS (
	SELECT DISTINCT p.persona, trim(privilege) AS privilege,
		coalesce(member.name, object.name) || coalesce(' (without ' || array_to_string(w.columns, ', ') || ')', '') AS object
	FROM lsce._persona_rules() AS r
	CROSS JOIN unnest(r.personas) AS p (persona)
	CROSS JOIN string_to_table(r.privileges, ',') AS privilege
	CROSS JOIN unnest(r.objects) AS object (name)
	LEFT JOIN lsce._object_groups() AS g ON object.name = '@' || g.name
	LEFT JOIN LATERAL unnest(g.members) AS member (name) ON true
	LEFT JOIN lsce._withheld_columns() AS w ON w.table_name = coalesce(member.name, object.name) AND trim(privilege) = 'SELECT'
		AND p.persona <> ALL (w.personas)
)
SELECT p.persona, p.description, p.whole_view,
	array_agg(r.object ORDER BY r.object) FILTER (WHERE r.privilege = 'SELECT'),
	array_agg(r.object ORDER BY r.object) FILTER (WHERE r.privilege = 'INSERT'),
	array_agg(r.object ORDER BY r.object) FILTER (WHERE r.privilege = 'UPDATE'),
	array_agg(r.object ORDER BY r.object) FILTER (WHERE r.privilege = 'DELETE'),
	array_agg(r.object ORDER BY r.object) FILTER (WHERE r.privilege = 'EXECUTE')
FROM lsce._personas() AS p LEFT JOIN rights AS r ON r.persona = p.persona
GROUP BY p.persona, p.description, p.whole_view
ORDER BY p.persona
$$;
COMMENT ON FUNCTION lsce.personas() IS 'who may do what in a model; row security narrows it to own territories unless whole_view';

CREATE FUNCTION lsce._model_rights(schema name, OUT persona text, OUT privilege text, OUT object_kind text, OUT object text, OUT columns text[])
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
WITH rules AS (
	SELECT p.persona, trim(privilege) AS privilege, coalesce(member.name, object.name) AS object
	FROM lsce._persona_rules() AS r
	CROSS JOIN unnest(r.personas) AS p (persona)
	CROSS JOIN string_to_table(r.privileges, ',') AS privilege
	CROSS JOIN unnest(r.objects) AS object (name)
	LEFT JOIN lsce._object_groups() AS g ON object.name = '@' || g.name
	LEFT JOIN LATERAL unnest(g.members) AS member (name) ON true
), relations AS (
	SELECT c.oid, c.relname::text AS name, format('%I.%I', schema, c.relname) AS object,
		EXISTS (SELECT FROM pg_class AS current
			WHERE current.relnamespace = c.relnamespace AND current.relkind = 'r' AND c.relname = current.relname || '_h') AS is_history
	FROM pg_class AS c
	WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema) AND c.relkind IN ('r', 'p', 'v')
), routines AS (
	SELECT p.proname::text AS name, p.oid::regprocedure::text AS object,
		p.provolatile <> 'v' AND p.proname NOT IN (SELECT rules.object FROM rules WHERE rules.privilege = 'EXECUTE' AND rules.persona <> 'pool') AS is_read
	FROM pg_proc AS p
	WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema) AND p.prorettype <> 'trigger'::regtype
), known AS (
	-- by what a rule may call them; compared with = only, so that they are hashed
	SELECT 'TABLE' AS kind, name, object, name AS table_name, oid FROM relations
	UNION ALL SELECT 'TABLE', '@history', object, name, oid FROM relations WHERE is_history
	UNION ALL SELECT 'ROUTINE', name, object, NULL, NULL FROM routines
	UNION ALL SELECT 'ROUTINE', '@read_functions', object, NULL, NULL FROM routines WHERE is_read
)
SELECT DISTINCT rules.persona, rules.privilege, known.kind, known.object,
	CASE WHEN w.columns IS NOT NULL THEN ARRAY(SELECT a.attname::text FROM pg_attribute AS a
		WHERE a.attrelid = known.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (w.columns) ORDER BY a.attnum) END
FROM rules JOIN known ON known.name = rules.object AND known.kind = CASE rules.privilege WHEN 'EXECUTE' THEN 'ROUTINE' ELSE 'TABLE' END
LEFT JOIN lsce._withheld_columns() AS w ON w.table_name = known.table_name AND rules.privilege = 'SELECT' AND rules.persona <> ALL (w.personas)
$$;
COMMENT ON FUNCTION lsce._model_rights(name) IS 'the rules of personas applied to the objects that a model has; columns: those the privilege is for, NULL: all';

CREATE FUNCTION lsce._require_model_owner(schema name, action text)
RETURNS oid
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	model record;
BEGIN
	SELECT n.oid, n.nspowner INTO model
	FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'model_version' AND c.relkind = 'r'
	WHERE n.nspname = schema;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_schema_name',
			MESSAGE = format('schema "%s" is not an lsce model', schema),
			HINT = 'SELECT * FROM lsce.models(); lists the models.';
	END IF;
	IF NOT pg_has_role(current_user, model.nspowner, 'USAGE') THEN
		PERFORM lsce.raise_reason('OWNER_REQUIRED', format('%s model "%s" takes its owner "%s", not "%s"',
			action, schema, pg_get_userbyid(model.nspowner), current_user));
	END IF;
	RETURN model.oid;
END
$$;
COMMENT ON FUNCTION lsce._require_model_owner(name, text) IS 'oid of the schema of a model; raises an error when it is none or the caller is not its owner';

CREATE FUNCTION lsce._granted_personas(schema name, OUT persona text, OUT db_role name)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$ SELECT g.persona, g.db_role FROM lsce._as_owner(schema, format('SELECT persona, db_role FROM %I.persona_grant', schema)) AS g (persona text, db_role name) $$;
COMMENT ON FUNCTION lsce._granted_personas(name) IS 'personas that a model remembers having granted to database roles';

CREATE FUNCTION lsce._view_policies(schema name, OUT table_name name, OUT policy name, OUT actual text, OUT expected text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE ROWS 60
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	owner text := (SELECT quote_ident(pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname = schema);
	whole text;
	own text;
BEGIN
	SELECT string_agg(DISTINCT quote_ident(g.db_role), ', ') FILTER (WHERE p.whole_view),
			string_agg(DISTINCT quote_ident(g.db_role), ', ') FILTER (WHERE NOT p.whole_view)
		INTO whole, own
		FROM lsce._granted_personas(schema) AS g JOIN pg_roles AS r ON r.rolname = g.db_role JOIN lsce._personas() AS p ON p.persona = g.persona;
	RETURN QUERY
	SELECT c.relname, p.polname,
		(SELECT string_agg(DISTINCT coalesce(quote_ident(r.rolname), 'PUBLIC'), ', ') FROM unnest(p.polroles) AS m (oid) LEFT JOIN pg_roles AS r ON r.oid = m.oid),
		coalesce(CASE p.polname WHEN 'whole_view' THEN whole ELSE own END, owner)
	FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = schema AND p.polname IN ('whole_view', 'own_view');
END
$$;
COMMENT ON FUNCTION lsce._view_policies(name) IS 'the roles that the policies of reading in a model hold for, and those they should hold for: each role gets the policy of its personas only, so that the other one is not part of its plans; without any, the owner';

CREATE PROCEDURE lsce._apply_personas(schema name, role name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	granted text[];
	item record;
BEGIN
	granted := (SELECT array_agg(g.persona ORDER BY g.persona) FROM lsce._granted_personas(schema) AS g WHERE g.db_role = role);
	-- Policies first: they lock their tables, and whoever waits for such a lock with
	-- privileges already changed may meet a vacuum that waits for these.
	FOR item IN
		SELECT v.table_name, v.policy, v.expected FROM lsce._view_policies(schema) AS v
		WHERE v.actual IS DISTINCT FROM v.expected
		ORDER BY v.table_name, v.policy
	LOOP
		EXECUTE format('ALTER POLICY %I ON %I.%I TO %s', item.policy, schema, item.table_name, item.expected);
	END LOOP;
	EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', schema, role);
	EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %I', schema, role);
	EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', schema, role);
	IF granted IS NOT NULL THEN
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, role);
	END IF;
	FOR item IN
		SELECT r.privilege || coalesce(' (' || (SELECT string_agg(quote_ident(c), ', ') FROM unnest(r.columns) AS c) || ')', '') AS privilege, r.object_kind,
			string_agg(DISTINCT r.object, ', ') AS objects
		FROM lsce._model_rights(schema) AS r
		WHERE r.persona = ANY (granted)
		GROUP BY r.privilege, r.columns, r.object_kind
	LOOP
		EXECUTE format('GRANT %s ON %s %s TO %I', item.privilege, item.object_kind, item.objects, role);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE lsce._apply_personas(name, name) IS 'brings the privileges of a role in a model in line with the personas granted to it';

CREATE PROCEDURE lsce.grant_persona(schema name, persona text, role name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	model oid := lsce._require_model_owner(schema, 'granting personas of');
BEGIN
	IF NOT EXISTS (SELECT FROM lsce._personas() AS p WHERE p.persona = grant_persona.persona) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('persona "%s" does not exist', persona),
			HINT = (SELECT 'Personas: ' || string_agg(p.persona, ', ' ORDER BY p.persona) || '.' FROM lsce._personas() AS p);
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('role "%s" does not exist', role);
	END IF;
	IF (SELECT nspowner FROM pg_namespace WHERE oid = model) = (SELECT oid FROM pg_roles WHERE rolname = role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_grant_operation',
			MESSAGE = format('role "%s" owns model "%s" and cannot have a persona', role, schema),
			HINT = 'Nobody should work as the owner of a model: row security does not hold for it.';
	END IF;
	PERFORM lsce._do_as_owner(schema, format('INSERT INTO %I.persona_grant (persona, db_role) VALUES (%L, %L) ON CONFLICT DO NOTHING', schema, persona, role));
	CALL lsce._apply_personas(schema, role);
	IF persona = 'pool' THEN
		RAISE NOTICE USING
			MESSAGE = format('role "%s" may not set lsce.login before a superuser has run this statement', role),
			DETAIL = format('GRANT SET ON PARAMETER lsce.login TO %I;', role);
	END IF;
END
$$;
COMMENT ON PROCEDURE lsce.grant_persona(name, text, name) IS 'grants what a persona may do in a model to a role; a role may have several';

CREATE PROCEDURE lsce.revoke_persona(schema name, persona text, role name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lsce._require_model_owner(schema, 'revoking personas of');
	IF NOT EXISTS (SELECT FROM lsce._granted_personas(schema) AS g WHERE g.persona = revoke_persona.persona AND g.db_role = role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not have persona "%s" in model "%s"', role, persona, schema);
	END IF;
	PERFORM lsce._do_as_owner(schema, format('DELETE FROM %I.persona_grant AS g WHERE g.persona = %L AND g.db_role = %L', schema, persona, role));
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
		CALL lsce._apply_personas(schema, role);
	END IF;
END
$$;
COMMENT ON PROCEDURE lsce.revoke_persona(name, text, name) IS 'takes a persona from a role; what its other personas grant stays. Also forgets a role that was dropped';
