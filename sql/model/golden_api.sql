-- The golden record: of what several sources say about a field, the value that
-- survives, and why.

CREATE FUNCTION account_identity(account_id uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 2
BEGIN ATOMIC
	SELECT same.account_id
	FROM account AS asked
	JOIN account AS same ON same.account_id = coalesce(asked.survivor_id, asked.account_id)
		OR same.survivor_id = coalesce(asked.survivor_id, asked.account_id)
	WHERE asked.account_id = $1
	ORDER BY same.survivor_id IS NOT NULL, same.account_id;
END;
COMMENT ON FUNCTION account_identity(uuid) IS 'all records of the identity an account belongs to, the surviving one first';

CREATE FUNCTION account_lineage(account_id uuid, at timestamptz DEFAULT NULL)
RETURNS TABLE (field text, value text, source text, observed_at timestamptz, rule text, alternatives jsonb)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
	WITH known AS MATERIALIZED (
		SELECT coalesce((SELECT coalesce(a.survivor_id, a.account_id) FROM account AS a WHERE a.account_id = $1),
			lsce.unknown_key('UNKNOWN_ACCOUNT', format('account %s does not exist or is not visible', coalesce($1::text, 'NULL')))) AS survivor_id,
			coalesce($2, now()) AS at
	), latest AS (
		SELECT DISTINCT ON (v.field, v.source) v.field, v.source, v.value, v.observed_at, v.account_id, k.at
		FROM known AS k
		JOIN account AS a ON a.account_id = k.survivor_id OR a.survivor_id = k.survivor_id
		JOIN account_source_value AS v ON v.account_id = a.account_id AND v.observed_at <= k.at
		ORDER BY v.field, v.source, v.observed_at DESC, v.account_id = k.survivor_id DESC, v.account_id
	), ranked AS (
		SELECT l.field, l.source, l.value, l.observed_at, l.account_id, r.priority,
			CASE WHEN r.priority IS NULL THEN 'no rule for this source'
				ELSE format('priority %s for %s', r.priority, r.field) || CASE WHEN s.stale THEN format(', older than %s', r.max_age) ELSE '' END END AS rule,
			row_number() OVER (PARTITION BY l.field ORDER BY r.priority IS NULL, s.stale, r.priority, l.observed_at DESC, l.source COLLATE "C") AS n
		FROM latest AS l
		LEFT JOIN LATERAL (SELECT p.field, p.priority, p.max_age FROM survivorship_rule AS p
			WHERE p.source = l.source AND p.field IN (l.field, '*') ORDER BY p.field = '*' LIMIT 1) AS r ON true
		CROSS JOIN LATERAL (SELECT coalesce(l.observed_at < l.at - r.max_age, false) AS stale) AS s
	)
	SELECT b.field, CASE WHEN b.priority IS NOT NULL THEN b.value END, CASE WHEN b.priority IS NOT NULL THEN b.source END,
		CASE WHEN b.priority IS NOT NULL THEN b.observed_at END,
		CASE WHEN b.priority IS NOT NULL THEN b.rule ELSE 'no source is believed' END,
		coalesce((SELECT jsonb_agg(jsonb_build_object('value', o.value, 'source', o.source, 'observed_at', o.observed_at,
				'rule', o.rule, 'account_id', o.account_id) ORDER BY o.n)
			FROM ranked AS o WHERE o.field = b.field AND (o.n > 1 OR o.priority IS NULL)), '[]')
	FROM ranked AS b
	WHERE b.n = 1
	ORDER BY b.field COLLATE "C";
END;
COMMENT ON FUNCTION account_lineage(uuid, timestamptz) IS 'of every field that a source speaks of: the value that survives, its source, by which rule, and what the others say; of all records of the identity, as observed until a time (default: now)';

CREATE FUNCTION apply_golden_record(account_id uuid, at timestamptz DEFAULT NULL)
RETURNS TABLE (field text, old_value text, new_value text)
LANGUAGE plpgsql VOLATILE ROWS 20
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	survivor constant uuid := (SELECT coalesce(a.survivor_id, a.account_id) FROM account AS a WHERE a.account_id = apply_golden_record.account_id);
	of_table text;
	surviving jsonb;
	current_row jsonb;
	wanted jsonb;
	chosen record;
BEGIN
	FOR of_table, surviving IN
		SELECT split_part(l.field, '.', 1), jsonb_object_agg(split_part(l.field, '.', 2), l.value)
		FROM account_lineage(apply_golden_record.account_id, apply_golden_record.at) AS l
		WHERE l.source IS NOT NULL
		GROUP BY 1
		ORDER BY 1
	LOOP
		wanted := '{}';
		current_row := lsce._row_read(of_table::regclass, jsonb_build_object('account_id', survivor));
		CONTINUE WHEN current_row IS NULL;
		FOR chosen IN
			SELECT s.key, s.value FROM jsonb_each_text(surviving) AS s ORDER BY s.key COLLATE "C"
		LOOP
			apply_golden_record.field := of_table || '.' || chosen.key;
			apply_golden_record.old_value := current_row ->> chosen.key;
			apply_golden_record.new_value := golden_value(apply_golden_record.field, chosen.value);
			IF apply_golden_record.old_value IS DISTINCT FROM apply_golden_record.new_value THEN
				wanted := wanted || jsonb_build_object(chosen.key, apply_golden_record.new_value);
				RETURN NEXT;
			END IF;
		END LOOP;
		IF wanted <> '{}' AND lsce._row_update(of_table::regclass, current_row, wanted) IS NULL THEN
			RAISE insufficient_privilege USING MESSAGE = format('%s of account %s cannot be changed by "%s"', of_table, survivor, current_user);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION apply_golden_record(uuid, timestamptz) IS 'writes the surviving values to account, hcp and hco of the surviving record and returns what changed; runs by itself when a source says something new and when accounts are merged, needed only after survivorship_rule was changed';

CREATE FUNCTION golden_value(field text, value text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	of_table constant text := split_part(field, '.', 1);
	of_column constant text := split_part(field, '.', 2);
	type text;
	normal text;
BEGIN
	SELECT format_type(a.atttypid, a.atttypmod) INTO type
	FROM pg_attribute AS a
	WHERE a.attrelid = to_regclass(of_table) AND a.attname = of_column AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		AND of_table IN ('account', 'hcp', 'hco') AND of_column NOT IN ('account_id', 'kind', 'status', 'survivor_id', 'parent_id', 'sys_from');
	IF type IS NULL THEN
		RAISE undefined_column USING MESSAGE = format('%s is no field that a source may speak of', coalesce(field, 'NULL')),
			HINT = 'A field is account., hcp. or hco. and one of its columns other than keys, kind, status and parent.';
	END IF;
	EXECUTE format('SELECT to_jsonb(%L::%s) #>> ''{}''', value, type) INTO normal;
	RETURN normal;
END
$$;
COMMENT ON FUNCTION golden_value(text, text) IS 'a value as the type of its field prints it; an error when the field or the value is none';

CREATE FUNCTION check_source_value() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	NEW.value := golden_value(NEW.field, NEW.value);
	NEW.recorded_at := clock_timestamp();
	IF NEW.observed_at > NEW.recorded_at + interval '1 day' THEN
		RAISE check_violation USING MESSAGE = format('%s of %s was observed at %s, which is not yet', NEW.field, NEW.source, NEW.observed_at);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION check_source_value() IS 'trigger: the field exists and the value is of its type';

CREATE FUNCTION apply_source_values() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	identity uuid;
BEGIN
	FOR identity IN
		SELECT DISTINCT coalesce(a.survivor_id, a.account_id) FROM new_rows AS n JOIN account AS a ON a.account_id = n.account_id ORDER BY 1
	LOOP
		PERFORM apply_golden_record(identity);
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION apply_source_values() IS 'trigger: what a source says reaches the record at once, when it survives';

CREATE TRIGGER check_source_value BEFORE INSERT ON account_source_value
	FOR EACH ROW EXECUTE FUNCTION check_source_value();
CREATE TRIGGER apply_source_values AFTER INSERT ON account_source_value
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION apply_source_values();
COMMENT ON TRIGGER check_source_value ON account_source_value IS 'only fields that exist, only values of their type';
COMMENT ON TRIGGER apply_source_values ON account_source_value IS 'keeps the golden record';
