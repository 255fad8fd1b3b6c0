-- History of rule-bearing tables, and what may not be changed at all.

-- what these columns mean is the same everywhere; a table that means something
-- else says so itself
DO $standard_columns$
DECLARE
	item record;
BEGIN
	FOR item IN
		SELECT c.relname, a.attname, s.meaning
		FROM pg_class AS c
		JOIN pg_attribute AS a ON a.attrelid = c.oid
		JOIN (VALUES
			('valid_from', 'date', 'first day on which the row holds; open: 0001-01-01'),
			('valid_to', 'date', 'first day on which the row does not hold any more; open: 9999-12-31'),
			('valid_from', 'timestamptz', 'moment from which the row holds, inclusive; open: 0001-01-01'),
			('valid_to', 'timestamptz', 'moment until which the row holds, exclusive; open: 9999-12-31'),
			('sys_from', 'timestamptz', 'moment from which the database knows the row as it is; set by the server')
		) AS s (name, type, meaning) ON s.name = a.attname AND s.type::regtype = a.atttypid
		WHERE c.relnamespace = @model_literal@::regnamespace AND c.relkind IN ('r', 'p') AND col_description(c.oid, a.attnum) IS NULL
		ORDER BY c.relname, a.attnum
	LOOP
		EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', item.relname, item.attname, item.meaning);
	END LOOP;
END
$standard_columns$;

-- every table with sys_from has a <table>_h and the triggers that fill it
DO $history$
DECLARE
	tab record;
	col record;
BEGIN
	FOR tab IN
		SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY k.ord) AS key_columns
		FROM pg_class AS c
		JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
		CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, ord)
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
		WHERE c.relnamespace = @model_literal@::regnamespace AND c.relkind = 'r'
			AND EXISTS (SELECT FROM pg_attribute AS s WHERE s.attrelid = c.oid AND s.attname = 'sys_from' AND NOT s.attisdropped)
		GROUP BY c.relname
		ORDER BY c.relname
	LOOP
		EXECUTE format('CREATE TABLE %I AS TABLE %I WITH NO DATA', tab.relname || '_h', tab.relname);
		EXECUTE format('ALTER TABLE %I ALTER COLUMN sys_from SET NOT NULL, ADD COLUMN sys_to timestamptz NOT NULL,'
			' ADD COLUMN changed_by name NOT NULL, ADD COLUMN extra jsonb, ADD CONSTRAINT %I CHECK (sys_from < sys_to)',
			tab.relname || '_h', tab.relname || '_h_known');
		EXECUTE format('CREATE INDEX %I ON %I (%s, sys_from)', tab.relname || '_h_idx', tab.relname || '_h', tab.key_columns);
		EXECUTE format('COMMENT ON TABLE %I IS %L', tab.relname || '_h',
			format('earlier versions of %s: known from sys_from until sys_to; extra holds columns that this table does not have', tab.relname));
		FOR col IN
			SELECT h.attname, coalesce(s.meaning, col_description(b.attrelid, b.attnum)) AS meaning
			FROM pg_attribute AS h
			LEFT JOIN pg_attribute AS b ON b.attrelid = to_regclass(quote_ident(tab.relname)) AND b.attname = h.attname
			LEFT JOIN (VALUES
				('sys_from', 'moment from which the database knew the row as it stands here'),
				('sys_to', 'moment from which it knew another version, or none'),
				('changed_by', 'database role of the session that changed or deleted the row'),
				('extra', 'columns that users added to the table but not here, by name; NULL: none')
			) AS s (name, meaning) ON s.name = h.attname
			WHERE h.attrelid = to_regclass(quote_ident(tab.relname || '_h')) AND h.attnum > 0 AND NOT h.attisdropped
			ORDER BY h.attnum
		LOOP
			EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', tab.relname || '_h', col.attname, col.meaning);
		END LOOP;
		EXECUTE format('CREATE TRIGGER history_stamp BEFORE INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION lsce.history()', tab.relname);
		EXECUTE format('COMMENT ON TRIGGER history_stamp ON %I IS %L', tab.relname, 'sets sys_from');
		EXECUTE format('CREATE TRIGGER history_keep AFTER UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION lsce.history()', tab.relname);
		EXECUTE format('COMMENT ON TRIGGER history_keep ON %I IS %L', tab.relname, format('keeps the version before in %I', tab.relname || '_h'));
		EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION lsce.append_only()', tab.relname || '_h');
		EXECUTE format('COMMENT ON TRIGGER append_only ON %I IS %L', tab.relname || '_h', 'history is not changed');
	END LOOP;
END
$history$;

-- facts are never changed; corrections are rows of their own
DO $append_only$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{decision,disbursement,disbursement_reversal,limit_use,inventory_operation,inventory_entry,
		consent_event,sample_receipt,signature,account_source_value,account_merge_row}'::text[]
	LOOP
		EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION lsce.append_only()', table_name);
		EXECUTE format('COMMENT ON TRIGGER append_only ON %I IS %L', table_name, 'a fact is not changed; what corrects it is a row of its own');
	END LOOP;
END
$append_only$;

CREATE TRIGGER t10_complete BEFORE INSERT ON signature
	FOR EACH ROW EXECUTE FUNCTION lsce.signature_complete();
COMMENT ON TRIGGER t10_complete ON signature IS 'a signature says who signed, when and what it means';
CREATE TRIGGER t20_not_future BEFORE INSERT ON signature
	FOR EACH ROW EXECUTE FUNCTION lsce.not_future('signed_at', 'captured_at');
COMMENT ON TRIGGER t20_not_future ON signature IS 'nobody has signed tomorrow';

-- TRUNCATE fires no row trigger, so no table allows it
DO $no_truncate$
DECLARE
	table_name text;
BEGIN
	FOR table_name IN
		SELECT c.relname FROM pg_class AS c
		WHERE c.relnamespace = @model_literal@::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname
	LOOP
		EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION lsce.no_truncate()', table_name);
		EXECUTE format('COMMENT ON TRIGGER no_truncate ON %I IS %L', table_name, 'TRUNCATE fires no row trigger, so it is refused');
	END LOOP;
END
$no_truncate$;

-- what limits, stock and identity rely on.  Records are merged under the locks of
-- their counters, not by writing survivor_id
CREATE TRIGGER fixed_columns BEFORE UPDATE ON account
	FOR EACH ROW EXECUTE FUNCTION lsce.fixed_columns('account_id', 'survivor_id');
CREATE TRIGGER fixed_columns BEFORE UPDATE ON product_batch
	FOR EACH ROW EXECUTE FUNCTION lsce.fixed_columns('batch_id', 'product_id');
CREATE TRIGGER fixed_columns BEFORE UPDATE ON inventory_location
	FOR EACH ROW EXECUTE FUNCTION lsce.fixed_columns('location_id', 'kind', 'user_id');
CREATE TRIGGER signature_purpose BEFORE INSERT ON sample_receipt
	FOR EACH ROW EXECUTE FUNCTION lsce.signature_purpose('sample_receipt');
CREATE TRIGGER signature_purpose BEFORE INSERT ON consent_event
	FOR EACH ROW EXECUTE FUNCTION lsce.signature_purpose('consent', 'account_id');
COMMENT ON TRIGGER fixed_columns ON account IS 'facts count for the account they were stored with; records are merged with their counters';
COMMENT ON TRIGGER fixed_columns ON product_batch IS 'a lot stays the lot of its product';
COMMENT ON TRIGGER fixed_columns ON inventory_location IS 'a bag stays its user''s, a place the kind of place it is';
COMMENT ON TRIGGER signature_purpose ON sample_receipt IS 'a receipt is signed as a receipt';
COMMENT ON TRIGGER signature_purpose ON consent_event IS 'consent is signed as consent, by the account itself';

-- drafts, approvals, and law that stays law
CREATE TRIGGER rule_lifecycle BEFORE INSERT OR UPDATE ON sampling_policy
	FOR EACH ROW EXECUTE FUNCTION lsce.rule_lifecycle('policy_id');
COMMENT ON TRIGGER rule_lifecycle ON sampling_policy IS 'draft, approved by somebody else, retired; law stays law';
CREATE TRIGGER rule_lifecycle BEFORE INSERT OR UPDATE ON limit_template
	FOR EACH ROW EXECUTE FUNCTION lsce.rule_lifecycle('template_id');
COMMENT ON TRIGGER rule_lifecycle ON limit_template IS 'draft, approved by somebody else, retired; law stays law';
CREATE TRIGGER rule_lifecycle BEFORE INSERT OR UPDATE ON consent_regime
	FOR EACH ROW EXECUTE FUNCTION lsce.rule_lifecycle('regime_id');
COMMENT ON TRIGGER rule_lifecycle ON consent_regime IS 'draft, approved by somebody else, retired; law stays law';
CREATE TRIGGER limit_lifecycle BEFORE INSERT OR UPDATE OR DELETE ON limit_rule
	FOR EACH ROW EXECUTE FUNCTION lsce.limit_lifecycle();
COMMENT ON TRIGGER limit_lifecycle ON limit_rule IS 'an approved template keeps its figures';
CREATE TRIGGER limit_lifecycle BEFORE INSERT OR UPDATE ON limit_assignment
	FOR EACH ROW EXECUTE FUNCTION lsce.assignment_lifecycle();
COMMENT ON TRIGGER limit_lifecycle ON limit_assignment IS 'an override may lower a figure of a law, not raise it; one person alone does not loosen a limit';

CREATE FUNCTION as_of(table_name text, known_at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = @model@, pg_catalog, pg_temp
AS $function$
DECLARE
	model constant regnamespace := @model_literal@::regnamespace;
	has_history boolean;
BEGIN
	SELECT EXISTS (SELECT FROM pg_class AS h WHERE h.relnamespace = model AND h.relkind = 'r' AND h.relname = as_of.table_name || '_h')
		AND EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = model AND c.relkind = 'r' AND c.relname = as_of.table_name)
	INTO has_history;
	IF has_history IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('table "%s" has no history', table_name),
			HINT = 'Tables with a column sys_from have one.';
	END IF;
	IF known_at IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'known_at is missing';
	END IF;
	RETURN QUERY EXECUTE format(
		'SELECT to_jsonb(t) FROM %1$I.%2$I AS t WHERE t.sys_from <= $1'
		' UNION ALL'
		' SELECT (to_jsonb(h) - ''{sys_to,changed_by,extra}''::text[]) || coalesce(h.extra, ''{}'') FROM %1$I.%3$I AS h'
		' WHERE h.sys_from <= $1 AND $1 < h.sys_to',
		(SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = model), table_name, table_name || '_h') USING known_at;
END
$function$;
COMMENT ON FUNCTION as_of(text, timestamptz) IS 'rows of a table as the database knew them at a time; needs the right to read the table and its history';

CREATE FUNCTION end_date(table_name text, id uuid, day date) RETURNS void
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $function$
DECLARE
	model constant regnamespace := @model_literal@::regnamespace;
	key_column name;
	in_force text;
	ends date;
BEGIN
	SELECT a.attname INTO key_column
	FROM pg_class AS c
	JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.atttypid = 'uuid'::regtype
	WHERE c.relnamespace = model AND c.relkind = 'r' AND c.relname = end_date.table_name
		AND EXISTS (SELECT FROM pg_attribute AS v WHERE v.attrelid = c.oid AND v.attname = 'valid_to' AND v.atttypid = 'date'::regtype);
	IF key_column IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('"%s" is not a table with an id and valid_to', table_name);
	END IF;
	IF day IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'the last valid day is missing';
	END IF;
	-- a rule in force takes two people, but for the owner
	IF NOT pg_has_role(current_user, (SELECT n.nspowner FROM pg_namespace AS n WHERE n.oid = model), 'USAGE') THEN
		in_force := CASE
			WHEN table_name = 'limit_assignment' THEN 'EXISTS (SELECT FROM limit_template AS t WHERE t.template_id = r.template_id AND t.status <> ''draft'')'
			WHEN table_name IN ('sampling_policy', 'limit_template', 'consent_regime') THEN 'r.status = ''approved'''
		END;
	END IF;
	IF in_force IS NULL THEN
		EXECUTE format('UPDATE %I AS r SET valid_to = $2 + 1 WHERE r.%I = $1 AND r.valid_to > $2 RETURNING r.valid_to', table_name, key_column)
			INTO ends USING id, day;
	ELSE
		EXECUTE format('UPDATE %I AS r SET end_on = CASE WHEN %2$s THEN $2 + 1 ELSE r.end_on END,
				valid_to = CASE WHEN %2$s AND (r.end_on = $2 + 1 AND r.end_asked_by <> $3) IS NOT TRUE THEN r.valid_to ELSE $2 + 1 END
				WHERE r.%3$I = $1 AND r.valid_to > $2 RETURNING r.valid_to', table_name, in_force, key_column)
			INTO ends USING id, day, lsce.acting_name(model);
	END IF;
	IF ends > day + 1 THEN
		RAISE NOTICE USING MESSAGE = format('the row of "%s" is in force: somebody else has to end it with the same day', table_name);
	ELSIF ends IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('no row %s of "%s" is valid after %s', coalesce(id::text, 'NULL'), table_name, day);
	END IF;
END
$function$;
COMMENT ON FUNCTION end_date(text, uuid, date) IS 'ends a row of master data: day is the last day on which it is valid. A rule that is in force takes two people: the first call asks, that of another person with the same day ends it';

CREATE FUNCTION outbox_read(after_xid xid8 DEFAULT '0', after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000', lim int DEFAULT 100)
RETURNS TABLE (xid xid8, id uuid, topic text, entity_id uuid, payload jsonb, at timestamptz, secret jsonb)
LANGUAGE sql STABLE
BEGIN ATOMIC
	-- a row with a transaction id that this cluster has not reached was restored
	-- from another one and counts as older than all others
	SELECT o.place, o.id, o.topic, o.entity_id, o.payload, o.at, o.secret
	FROM (
		SELECT e.xid AS place, e.* FROM outbox AS e
		WHERE (e.xid, e.id) > ($1, $2) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
		UNION ALL
		SELECT '0'::xid8 AS place, e.* FROM outbox AS e
		WHERE ('0'::xid8, e.id) > ($1, $2) AND e.xid >= pg_snapshot_xmax(pg_current_snapshot())
			AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
	) AS o
	ORDER BY o.place, o.id
	LIMIT $3;
END;
COMMENT ON FUNCTION outbox_read(xid8, uuid, int) IS 'events after a place, in the order of their transactions, up to the oldest transaction still running: reading on from the last row returned misses none. After a restore events can come twice; their id tells';
