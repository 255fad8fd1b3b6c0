-- Imports: what every format shares.  A document is stored in import_record
-- first; then every record whose references are all there is written to the
-- tables of the model, until nothing moves any more.  So the order of documents,
-- and of records in them, does not matter.

CREATE FUNCTION import_day(value text, closing boolean DEFAULT false) RETURNS date
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $import_day$
BEGIN
	IF value !~ '^\d{4}(-\d\d(-\d\d(T.*)?)?)?$' THEN
		RAISE invalid_datetime_format USING MESSAGE = format('"%s" is not a date', value), HINT = 'Dates are written 2026, 2026-03 or 2026-03-31.';
	END IF;
	RETURN CASE
		WHEN NOT closing THEN (left(value, 10) || substr('0000-01-01', length(left(value, 10)) + 1))::date
		WHEN length(value) = 4 THEN (value || '-01-01')::date + interval '1 year'
		WHEN length(value) = 7 THEN (value || '-01')::date + interval '1 month'
		ELSE least(left(value, 10)::date + 1, '9999-12-31') END;
END
$import_day$;
COMMENT ON FUNCTION import_day(text, boolean) IS 'a date of a feed, year or month alone too: the first day it means, or with closing the day after its last one';

CREATE FUNCTION import_country(value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_country$
DECLARE
	found_code text;
BEGIN
	IF value IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT min(c.country_code) INTO found_code FROM country AS c
	WHERE c.country_code = upper(value) OR lower(c.name) = lower(value)
		OR c.country_code = (SELECT v.parent_code FROM code_value AS v WHERE v.code_set = 'country_alias' AND v.code = upper(value) AND v.lang = 'en');
	IF found_code IS NULL THEN
		RAISE data_exception USING MESSAGE = format('country "%s" is unknown', value);
	END IF;
	RETURN found_code;
END
$import_country$;
COMMENT ON FUNCTION import_country(text) IS 'country code of a country by its code, a code of the code set country_alias or its English name; raises an error when there is none';

CREATE FUNCTION import_region(country text, value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_region$
DECLARE
	found_code text;
BEGIN
	IF value IS NULL OR NOT EXISTS (SELECT FROM region AS r WHERE r.country_code = country) THEN
		RETURN NULL;
	END IF;
	SELECT min(r.region_code) INTO found_code FROM region AS r
	WHERE r.country_code = country AND (r.region_code = upper(value) OR r.region_code = country || '-' || upper(value) OR lower(r.name) = lower(value));
	IF found_code IS NULL THEN
		RAISE data_exception USING MESSAGE = format('region "%s" of %s is unknown', value, country);
	END IF;
	RETURN found_code;
END
$import_region$;
COMMENT ON FUNCTION import_region(text, text) IS 'region code of a state or prefecture by code or name; NULL when the model holds no regions of the country, an error when it holds others';

CREATE FUNCTION import_specialty(source text, value text, label text DEFAULT NULL) RETURNS lsce.specialty
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_specialty$
DECLARE
	found_path text;
BEGIN
	SELECT v.parent_code INTO found_path FROM code_value AS v
	WHERE v.code_set = 'specialty_alias' AND v.code IN (source || ':' || value, source || ':' || import_specialty.label)
	ORDER BY v.code = source || ':' || value DESC, v.lang LIMIT 1;
	IF found_path IS NULL THEN
		SELECT min(v.code) INTO found_path FROM code_value AS v
		WHERE v.code_set = 'specialty' AND lower(v.label) = lower(import_specialty.label)
		HAVING count(DISTINCT v.code) = 1;
	END IF;
	RETURN found_path::lsce.specialty;
END
$import_specialty$;
COMMENT ON FUNCTION import_specialty(text, text, text) IS 'specialty of a code or label of another classification: by the code set specialty_alias (source:code or source:label), else by a label that one specialty alone has; NULL when neither knows it';

CREATE FUNCTION import_id(key text) RETURNS uuid
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_id$
BEGIN
	RETURN (SELECT coalesce((SELECT a.survivor_id FROM account AS a WHERE a.account_id = found.id), found.id)
		FROM (SELECT r.id FROM import_record AS r WHERE (r.key = import_id.key OR r.alias = import_id.key) AND r.status = 'accepted'
			ORDER BY r.key = import_id.key DESC, r.key LIMIT 1) AS found);
END
$import_id$;
COMMENT ON FUNCTION import_id(text) IS 'id of what the record with this key or alias became; of a merged account, its survivor';

CREATE FUNCTION import_stage(format text, rows jsonb, system text, country_code text, team text) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_stage$
#variable_conflict use_column
DECLARE
	item record;
	known import_record;
	said text;
	outcome jsonb := '[]'::jsonb;
BEGIN
	FOR item IN
		SELECT (r ->> 'row_no')::int AS row_no, r ->> 'reference' AS reference, r ->> 'object' AS object, r ->> 'alias' AS alias, r -> 'raw' AS raw,
			ARRAY(SELECT jsonb_array_elements_text(r -> 'needs')) AS needs, r ->> 'refused' AS refused,
			row_number() OVER same AS nth, first_value(r -> 'raw') OVER same AS first_raw
		FROM jsonb_array_elements(rows) AS r
		WINDOW same AS (PARTITION BY r ->> 'reference' ORDER BY (r ->> 'row_no')::int)
		ORDER BY 1
	LOOP
		said := item.refused;
		IF item.reference IS NULL THEN
			said := coalesce(said, 'the record has no reference by which it could be known again');
		ELSIF item.nth > 1 THEN
			IF item.raw <> item.first_raw THEN
				said := format('%s stands for another record of the same document', item.reference);
			END IF;
		ELSE
			SELECT * INTO known FROM import_record AS k WHERE k.system = import_stage.system AND k.reference = item.reference;
			IF known.status = 'accepted' AND (known.raw <> item.raw OR known.format <> import_stage.format) THEN
				said := format('PAYLOAD_DIFFERS: %s of %s was imported with other content', item.reference, import_stage.system);
			ELSIF known.status IS DISTINCT FROM 'accepted' THEN
				INSERT INTO import_record AS k (system, reference, alias, format, object, row_no, raw, country_code, team, needs, status, reason, settled_at)
				VALUES (import_stage.system, item.reference, item.alias, import_stage.format, item.object, item.row_no, item.raw, import_stage.country_code, import_stage.team,
					item.needs, CASE WHEN said IS NULL THEN 'waiting' ELSE 'rejected' END, said, CASE WHEN said IS NOT NULL THEN clock_timestamp() END)
				ON CONFLICT ON CONSTRAINT import_record_pkey DO UPDATE
				SET (alias, format, object, row_no, raw, country_code, team, needs, status, reason, settled_at) = (SELECT
					excluded.alias, excluded.format, excluded.object, excluded.row_no, excluded.raw, excluded.country_code, excluded.team,
					excluded.needs, excluded.status, excluded.reason, excluded.settled_at)
				WHERE (k.status, k.raw, k.country_code, k.team, k.reason) IS DISTINCT FROM
					(excluded.status, excluded.raw, excluded.country_code, excluded.team, excluded.reason);
				said := NULL;
			END IF;
		END IF;
		IF said IS NOT NULL THEN
			outcome := outcome || jsonb_build_object('row_no', item.row_no, 'reference', item.reference, 'reason', said);
		END IF;
	END LOOP;
	RETURN outcome;
END
$import_stage$;
COMMENT ON FUNCTION import_stage(text, jsonb, text, text, text) IS 'keeps the records of a document in import_record; returns those it does not keep, with the reason';

CREATE FUNCTION import_source_values(key text) RETURNS void
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_source_values$
#variable_conflict use_column
BEGIN
	INSERT INTO account_source_value (account_id, source, field, value, observed_at)
	SELECT a.account_id, r.system, f.field, f.value, least(CASE WHEN r.raw #>> '{meta,lastUpdated}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d' THEN (r.raw #>> '{meta,lastUpdated}')::timestamptz END, r.received_at)
	FROM import_record AS r
	JOIN account AS a ON a.account_id = r.id
	LEFT JOIN hcp AS p ON p.account_id = a.account_id
	LEFT JOIN hco AS o ON o.account_id = a.account_id
	CROSS JOIN LATERAL (VALUES
		('account', 'account.name', a.name),
		('account', 'hcp.given_name', p.given_name), ('account', 'hcp.family_name', p.family_name),
		('account', 'hcp.given_name_reading', p.given_name_reading), ('account', 'hcp.family_name_reading', p.family_name_reading),
		('account', 'hcp.title', p.title), ('account', 'hcp.credential', p.credential),
		('hcp', 'hcp.profession', nullif(p.profession, 'other')), ('hco', 'hco.hco_type', nullif(o.hco_type, 'other'))
	) AS f (entity, field, value)
	WHERE r.key = import_source_values.key AND f.value <> '' AND (r.entity = f.entity OR (r.entity = 'account' AND r.format = 'fhir'))
	ON CONFLICT ON CONSTRAINT account_source_value_pkey DO NOTHING;
END
$import_source_values$;
COMMENT ON FUNCTION import_source_values(text) IS 'notes what an accepted record says of the fields of its account, in the name of its system, so that the golden record knows the source';

CREATE FUNCTION import_settle(keys text[], OUT accepted text[], OUT rejected text[])
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_settle$
DECLARE
	candidates text[] := keys;
	there text[];
	item record;
	made record;
	which text;
BEGIN
	accepted := '{}';
	rejected := '{}';
	WHILE candidates <> '{}' LOOP
		there := '{}';
		FOR item IN
			-- each by its key: the table may be far larger than the planner knows
			SELECT r.key, r.alias, r.format FROM unnest(candidates) AS c (key)
			CROSS JOIN LATERAL (SELECT o.* FROM import_record AS o WHERE o.key = c.key OFFSET 0) AS r
			WHERE r.status = 'waiting'
				AND NOT EXISTS (SELECT FROM unnest(r.needs) AS n (key)
					WHERE NOT EXISTS (SELECT FROM import_record AS t WHERE t.key = n.key AND t.status = 'accepted')
						AND NOT EXISTS (SELECT FROM import_record AS t WHERE t.alias = n.key AND t.status = 'accepted'))
			ORDER BY r.system, r.row_no, r.reference COLLATE "C"
		LOOP
			BEGIN
				IF item.format = 'lsc' THEN
					SELECT * INTO made FROM import_lsc_record(item.key);
				ELSE
					SELECT * INTO made FROM import_fhir_record(item.key);
				END IF;
				UPDATE import_record AS r
				SET status = 'accepted', entity = made.entity, id = made.id, code = made.code, reason = made.note, settled_at = clock_timestamp()
				WHERE r.key = item.key;
				IF made.entity IN ('account', 'hcp', 'hco') THEN
					PERFORM import_source_values(item.key);
				END IF;
				accepted := accepted || item.key;
				there := there || item.key;
				IF item.alias IS NOT NULL THEN
					there := there || item.alias;
				END IF;
			EXCEPTION
				WHEN insufficient_privilege THEN
					UPDATE import_record AS r SET reason = sqlerrm WHERE r.key = item.key;
				WHEN OTHERS THEN
					-- bad data, broken constraints, too long for an index, raised by a trigger, rules of lsce
					IF left(sqlstate, 2) NOT IN ('22', '23', '54', 'LS') AND sqlstate NOT IN ('P0001', 'P0002') THEN
						RAISE;
					END IF;
					which := NULL;
					IF sqlstate IN ('23505', '23P01') THEN
						-- the detail says which key
						GET STACKED DIAGNOSTICS which = PG_EXCEPTION_DETAIL;
					END IF;
					UPDATE import_record AS r
					SET status = 'rejected', reason = concat_ws(': ', sqlerrm, nullif(which, '')), settled_at = clock_timestamp()
					WHERE r.key = item.key;
					rejected := rejected || item.key;
			END;
		END LOOP;
		candidates := ARRAY(SELECT r.key FROM import_record AS r WHERE r.status = 'waiting' AND r.needs && there);
	END LOOP;
END
$import_settle$;
COMMENT ON FUNCTION import_settle(text[]) IS 'writes those of the waiting records with these keys whose references are all there, then every other one that waited for them. A record that breaks a rule is rejected with the message of the rule; one that the caller may not write goes on waiting for somebody who may. Returns the keys of those accepted and of those rejected';

CREATE FUNCTION import_resolve(OUT accepted bigint, OUT rejected bigint, OUT waiting bigint)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_resolve$
BEGIN
	LOCK TABLE import_record IN SHARE ROW EXCLUSIVE MODE;
	SELECT cardinality(s.accepted), cardinality(s.rejected) INTO accepted, rejected
	FROM import_settle(ARRAY(SELECT r.key FROM import_record AS r WHERE r.status = 'waiting')) AS s;
	SELECT count(*) INTO waiting FROM import_record AS r WHERE r.status = 'waiting';
END
$import_resolve$;
COMMENT ON FUNCTION import_resolve() IS 'tries every waiting record again; says how many were accepted or rejected and how many still wait';

CREATE FUNCTION import_unresolved()
RETURNS TABLE (system text, reference text, object text, waits_for text, why text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT r.system, r.reference, r.object, n.key,
		CASE
			WHEN n.key IS NULL THEN coalesce(r.reason, 'has all it needs: call import_resolve()')
			WHEN t.key IS NULL THEN 'was never imported'
			WHEN t.status = 'rejected' THEN 'was rejected: ' || t.reason
			ELSE 'waits itself' END
	FROM import_record AS r
	LEFT JOIN LATERAL (SELECT u.key FROM unnest(r.needs) AS u (key) WHERE NOT EXISTS (SELECT FROM import_record AS a
		WHERE (a.key = u.key OR a.alias = u.key) AND a.status = 'accepted')) AS n ON true
	LEFT JOIN import_record AS t ON t.key = n.key
	WHERE r.status = 'waiting'
	ORDER BY r.system, r.object, r.row_no, n.key;
END;
COMMENT ON FUNCTION import_unresolved() IS 'records that wait, each with the reference it waits for and why that is not there';

CREATE FUNCTION import_run(format text, rows jsonb, system text, country_code text, team text)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_run$
#variable_conflict use_column
DECLARE
	refused jsonb;
	keys text[];
	settled record;
	outcome jsonb;
BEGIN
	IF import_run.system IS NULL OR import_run.system !~ '^\S+$' THEN
		RAISE invalid_parameter_value USING MESSAGE = format('"%s" is no name of a system', coalesce(import_run.system, 'NULL')), HINT = 'A name without spaces, such as salesforce.';
	END IF;
	-- one import at a time in a model: two would not see what the other brings
	LOCK TABLE import_record IN SHARE ROW EXCLUSIVE MODE;
	refused := import_stage(import_run.format, rows, import_run.system, import_country(import_run.country_code), import_run.team);
	keys := ARRAY(SELECT DISTINCT import_run.system || ' ' || (w ->> 'reference') FROM jsonb_array_elements(rows) AS w WHERE w ->> 'reference' IS NOT NULL);
	SELECT * INTO settled FROM import_settle(keys) AS s;

	SELECT coalesce(jsonb_agg(jsonb_build_object('row_no', w -> 'row_no', 'reference', w -> 'reference',
		'status', CASE WHEN f IS NOT NULL THEN 'rejected' ELSE r.status END, 'reason', coalesce(f ->> 'reason', r.reason))), '[]')
	INTO outcome
	FROM jsonb_array_elements(rows) AS w
	-- as import_settle() does
	LEFT JOIN LATERAL (SELECT o.status, o.reason FROM import_record AS o
		WHERE o.system = import_run.system AND o.reference = w ->> 'reference' OFFSET 0) AS r ON true
	LEFT JOIN jsonb_array_elements(refused) AS f ON f -> 'row_no' = w -> 'row_no';

	RETURN QUERY SELECT count(*) FILTER (WHERE o ->> 'status' = 'accepted'), count(*) FILTER (WHERE o ->> 'status' = 'waiting'),
		count(*) FILTER (WHERE o ->> 'status' = 'rejected'), NULL::int, NULL::text, 'total', NULL::text
	FROM jsonb_array_elements(outcome) AS o;
	RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::bigint, (o ->> 'row_no')::int, o ->> 'reference',
		CASE WHEN o ->> 'status' = 'accepted' THEN 'note' ELSE o ->> 'status' END, o ->> 'reason'
	FROM jsonb_array_elements(outcome) AS o
	WHERE o ->> 'reason' IS NOT NULL
	ORDER BY 4;
	RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::bigint, NULL::int, NULL::text, 'note',
		format('field %s of %s has no column and is kept in import_record.raw (%s records)', k.field, w ->> 'object', count(*))
	FROM jsonb_array_elements(rows) AS w
	CROSS JOIN jsonb_array_elements_text(w -> 'kept') AS k (field)
	WHERE w ->> 'refused' IS NULL
	GROUP BY w ->> 'object', k.field
	ORDER BY 7;
	RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::bigint, NULL::int, NULL::text, 'note', format('%s records of earlier documents wait no longer', count(*))
	FROM unnest(settled.accepted || settled.rejected) AS k (key)
	WHERE k.key <> ALL (keys)
	HAVING count(*) > 0;
	RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::bigint, NULL::int, r.reference, 'rejected', format('(of an earlier document of %s) %s', r.system, r.reason)
	FROM import_record AS r
	WHERE r.key = ANY (settled.rejected) AND r.key <> ALL (keys)
	ORDER BY r.system, r.row_no;
END
$import_run$;
COMMENT ON FUNCTION import_run(text, jsonb, text, text, text) IS 'stages the rows of a document, settles what can be settled, and reports; what import_lsc_document() and import_fhir_document() return';
