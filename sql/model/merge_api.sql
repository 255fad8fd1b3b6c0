-- Merging two records of one account, and undoing it.  No fact is moved: the
-- survivor resolves identity.  What counted under the merged record is moved to
-- the counters of the survivor by rows in limit_use, master data is re-pointed
-- and noted row by row in account_merge_row.

CREATE FUNCTION check_merge_policy() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT n.* INTO wrong FROM new_rows AS n
	WHERE (n.table_name, n.column_name) NOT IN (SELECT r.table_name, r.column_name FROM lsce._account_references(@model_literal@::regnamespace) AS r)
	ORDER BY n.table_name, n.column_name LIMIT 1;
	IF FOUND THEN
		RAISE undefined_column USING
			MESSAGE = format('%s.%s is no column with a foreign key to account', wrong.table_name, wrong.column_name),
			HINT = 'A table outside the model is named with its schema.';
	END IF;
	SELECT n.* INTO wrong FROM new_rows AS n
	WHERE EXISTS (SELECT FROM unnest(n.same_key) AS k (name)
		WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass(n.table_name) AND a.attname = k.name AND a.attnum > 0))
	ORDER BY n.table_name, n.column_name LIMIT 1;
	IF FOUND THEN
		RAISE undefined_column USING MESSAGE = format('same_key %s of %s names columns that are not there', wrong.same_key, wrong.table_name);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_merge_policy() IS 'trigger: the column refers to accounts and same_key has columns of the table';
CREATE TRIGGER check_merge_policy_insert AFTER INSERT ON merge_policy REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION check_merge_policy();
COMMENT ON TRIGGER check_merge_policy_insert ON merge_policy IS 'only columns that refer to accounts';
CREATE TRIGGER check_merge_policy_update AFTER UPDATE ON merge_policy REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION check_merge_policy();
COMMENT ON TRIGGER check_merge_policy_update ON merge_policy IS 'only columns that refer to accounts';

CREATE FUNCTION guard_identity() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = TG_RELID), 'USAGE') THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s cannot be stored as merged', NEW.account_id), NULL, TG_RELID);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_identity() IS 'trigger: only the owner, who loads rows, stores an account that is merged already; fixed_columns keeps survivor_id from being changed';
CREATE TRIGGER guard_identity BEFORE INSERT ON account
	FOR EACH ROW WHEN (NEW.survivor_id IS NOT NULL) EXECUTE FUNCTION guard_identity();
COMMENT ON TRIGGER guard_identity ON account IS 'merging takes merge_account()';

CREATE FUNCTION refuse_merged() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	column_name text;
	loser uuid;
	survivor uuid;
BEGIN
	FOREACH column_name IN ARRAY TG_ARGV
	LOOP
		IF TG_LEVEL = 'ROW' THEN
			SELECT a.account_id, a.survivor_id INTO loser, survivor FROM account AS a
				WHERE a.account_id = (to_jsonb(NEW) ->> column_name)::uuid AND a.survivor_id IS NOT NULL;
		ELSE
			EXECUTE format('SELECT a.account_id, a.survivor_id FROM account AS a JOIN new_rows AS n ON n.%I = a.account_id'
				' WHERE a.survivor_id IS NOT NULL ORDER BY 1 LIMIT 1', column_name) INTO loser, survivor;
		END IF;
		IF loser IS NOT NULL THEN
			PERFORM lsce.raise_reason('ACCOUNT_MERGED', format('account %s was merged into %s and takes no more rows of %s',
				loser, survivor, TG_TABLE_NAME), NULL, TG_RELID::regclass);
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION refuse_merged() IS 'trigger: master data goes to the survivor of a merge (LS421); arguments are the columns that refer to accounts';

-- limits

CREATE FUNCTION account_counters(account_id uuid)
RETURNS TABLE (rule_id uuid, subject_key text, pool_key text, window_from date, window_to date, quota numeric, subject text)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
	SELECT c.rule_id, c.subject_key, c.pool_key, c.window_from, c.window_to, c.quota, r.subject
	FROM limit_rule AS r
	JOIN limit_counter AS c ON c.rule_id = r.rule_id AND c.subject_key = $1::text
	WHERE r.subject IN ('account', 'hco')
	UNION ALL
	SELECT c.rule_id, c.subject_key, c.pool_key, c.window_from, c.window_to, c.quota, r.subject
	FROM limit_rule AS r
	JOIN limit_counter AS c ON c.rule_id = r.rule_id AND (c.subject_key LIKE $1::text || '/%' OR c.subject_key LIKE $1::text || '@%')
	WHERE r.subject = 'account_user' OR (r.subject IN ('account', 'hco') AND r.period IN ('per_request', 'arrangement'));
END;
COMMENT ON FUNCTION account_counters(uuid) IS 'the limit counters that count an account, as practitioner or as organisation';

CREATE FUNCTION move_limit_uses(merge uuid, from_account uuid, to_account uuid, facts_of uuid[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	-- the order of locks of every writer: rules, counters made, counters
	PERFORM FROM limit_rule AS r WHERE r.rule_id IN (SELECT k.rule_id FROM account_counters(from_account) AS k)
		ORDER BY r.rule_id FOR SHARE OF r;
	INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota)
		SELECT k.rule_id, to_account || substr(k.subject_key, 37), k.pool_key, k.window_from, k.window_to, k.quota
		FROM account_counters(from_account) AS k
		WHERE EXISTS (SELECT FROM limit_use AS u JOIN disbursement AS d USING (disbursement_id)
			WHERE u.rule_id = k.rule_id AND u.subject_key = k.subject_key AND u.pool_key = k.pool_key AND u.window_from = k.window_from
				AND (facts_of IS NULL OR CASE k.subject WHEN 'hco' THEN d.hco_id ELSE d.practitioner_id END = ANY (facts_of)))
		ORDER BY k.rule_id, k.subject_key COLLATE "C", k.pool_key COLLATE "C", k.window_from
		ON CONFLICT DO NOTHING;
	PERFORM FROM limit_counter AS c
		WHERE EXISTS (SELECT FROM account_counters(from_account) AS k
			WHERE c.rule_id = k.rule_id AND c.subject_key IN (k.subject_key, to_account || substr(k.subject_key, 37))
				AND c.pool_key = k.pool_key AND c.window_from = k.window_from)
		ORDER BY c.rule_id, c.subject_key COLLATE "C", c.pool_key COLLATE "C", c.window_from FOR UPDATE OF c;

	WITH moved AS MATERIALIZED (
		SELECT k.rule_id, k.subject_key, to_account || substr(k.subject_key, 37) AS new_key, k.pool_key, k.window_from,
			u.disbursement_id, u.reversal_id, u.local_day, sum(u.quantity) AS quantity
		FROM account_counters(from_account) AS k
		JOIN limit_use AS u ON u.rule_id = k.rule_id AND u.subject_key = k.subject_key AND u.pool_key = k.pool_key AND u.window_from = k.window_from
		JOIN disbursement AS d ON d.disbursement_id = u.disbursement_id
		WHERE facts_of IS NULL OR CASE k.subject WHEN 'hco' THEN d.hco_id ELSE d.practitioner_id END = ANY (facts_of)
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
		HAVING sum(u.quantity) <> 0
	), leg AS (
		SELECT m.rule_id, m.subject_key, m.pool_key, m.window_from, m.disbursement_id, m.reversal_id, m.local_day, -m.quantity AS quantity FROM moved AS m
		UNION ALL
		SELECT m.rule_id, m.new_key, m.pool_key, m.window_from, m.disbursement_id, m.reversal_id, m.local_day, m.quantity FROM moved AS m
	), noted AS (
		INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, reversal_id, local_day, quantity, merge_id)
		SELECT l.rule_id, l.subject_key, l.pool_key, l.window_from, l.disbursement_id, l.reversal_id, l.local_day, l.quantity, merge FROM leg AS l
	), counted AS (
		UPDATE limit_counter AS c SET used = c.used + s.quantity,
			excess = CASE WHEN s.quantity > 0 THEN greatest(c.excess, c.used + s.quantity - c.quota)
				ELSE least(c.excess, coalesce(greatest(c.used + s.quantity - c.quota, 0), 0)) END
		FROM (SELECT l.rule_id, l.subject_key, l.pool_key, l.window_from, trim_scale(sum(l.quantity)) AS quantity
			FROM leg AS l GROUP BY 1, 2, 3, 4) AS s
		JOIN limit_counter AS old ON old.rule_id = s.rule_id AND old.subject_key = s.subject_key AND old.pool_key = s.pool_key AND old.window_from = s.window_from
		WHERE c.rule_id = s.rule_id AND c.subject_key = s.subject_key AND c.pool_key = s.pool_key AND c.window_from = s.window_from
		RETURNING c.rule_id, c.subject_key, c.pool_key, c.window_from, c.excess, old.excess AS excess_before
	)
	INSERT INTO discrepancy (rule_id, subject_key, pool_key, window_from, severity, reason_code, over_by, justification)
	SELECT c.rule_id, c.subject_key, c.pool_key, c.window_from, CASE t.enforcement WHEN 'warning' THEN 'warning' ELSE 'error' END,
		'QTY_LIMIT_EXCEEDED', c.excess - c.excess_before, format('merge %s', merge)
	FROM counted AS c JOIN limit_rule AS r ON r.rule_id = c.rule_id JOIN limit_template AS t ON t.template_id = r.template_id
	WHERE c.excess > c.excess_before;
END
$$;
COMMENT ON FUNCTION move_limit_uses(uuid, uuid, uuid, uuid[]) IS 'moves charges, of all facts or of those of some records, from the counters of one account to those of another, under their locks; what no longer fits is excess with a discrepancy';

CREATE FUNCTION note_moving_excess(merge uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO discrepancy (rule_id, subject_key, pool_key, window_from, severity, reason_code, over_by, justification)
	SELECT k.rule_id, k.subject_key, k.pool_key, k.window_from, CASE k.enforcement WHEN 'warning' THEN 'warning' ELSE 'error' END,
		'QTY_LIMIT_EXCEEDED', h.used - h.quota, format('merge %s', merge)
	FROM (
		SELECT DISTINCT ON (u.rule_id, u.subject_key, u.pool_key)
			u.rule_id, u.subject_key, u.pool_key, u.window_from, t.enforcement, d.product_id,
			coalesce(nullif(split_part(split_part(u.subject_key, '@', 1), '/', 2), '')::uuid, d.user_id) AS user_id
		FROM limit_use AS u
		JOIN limit_rule AS r ON r.rule_id = u.rule_id AND r.period IN ('sliding', 'rolling_start', 'since_launch', 'since_first_request')
		JOIN limit_template AS t ON t.template_id = r.template_id
		JOIN disbursement AS d ON d.disbursement_id = u.disbursement_id
		WHERE u.merge_id = merge AND u.quantity > 0
		ORDER BY u.rule_id, u.subject_key, u.pool_key, u.local_day DESC, u.use_id
	) AS k
	JOIN LATERAL sample_headroom(left(k.subject_key, 36)::uuid, k.product_id, NULL, k.user_id) AS h ON h.rule_id = k.rule_id
	WHERE h.used > h.quota;
END
$$;
COMMENT ON FUNCTION note_moving_excess(uuid) IS 'windows that move have no quota in their counter; one that holds more than its rule allows today after a merge gets a discrepancy';

-- master data

CREATE FUNCTION note_merge_row(merge uuid, of_table text, of_column text, op text, old_row jsonb, new_row jsonb DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO account_merge_row (merge_id, n, table_name, column_name, op, old_row, new_row)
		SELECT note_merge_row.merge, coalesce(max(r.n), 0) + 1, of_table, of_column, note_merge_row.op, note_merge_row.old_row, note_merge_row.new_row
		FROM account_merge_row AS r WHERE r.merge_id = note_merge_row.merge;
END
$$;
COMMENT ON FUNCTION note_merge_row(uuid, text, text, text, jsonb, jsonb) IS 'notes what a merge did to a row, for unmerge_account()';

CREATE FUNCTION drop_merged_row(merge uuid, rel regclass, of_table text, of_column text, this_row jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	part record;
	part_row jsonb;
BEGIN
	-- rows that are part of this one go with it; anything else that refers to it keeps it
	FOR part IN
		SELECT f.conrelid::regclass AS rel, a.attname, key.attname AS key_name,
			CASE WHEN c.relnamespace = @model_literal@::regnamespace THEN c.relname::text ELSE format('%I.%I', c.relnamespace::regnamespace, c.relname) END AS name
		FROM pg_constraint AS f
		JOIN pg_class AS c ON c.oid = f.conrelid
		JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
		JOIN pg_attribute AS key ON key.attrelid = f.confrelid AND key.attnum = f.confkey[1]
		JOIN pg_index AS i ON i.indrelid = f.conrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::smallint[])
		WHERE f.contype = 'f' AND f.confrelid = drop_merged_row.rel AND cardinality(f.conkey) = 1 AND f.conrelid <> f.confrelid
		ORDER BY name, a.attname
	LOOP
		FOR part_row IN
			EXECUTE format('SELECT to_jsonb(t) FROM %s AS t WHERE %I::text = $1 ORDER BY 1', part.rel, part.attname) USING this_row ->> part.key_name
		LOOP
			PERFORM note_merge_row(merge, part.name, part.attname::text, 'dropped', part_row);
			PERFORM lsce._row_delete(part.rel, part_row);
		END LOOP;
	END LOOP;
	PERFORM lsce._row_delete(drop_merged_row.rel, this_row);
	PERFORM note_merge_row(merge, of_table, of_column, 'dropped', this_row);
EXCEPTION WHEN foreign_key_violation THEN
	PERFORM note_merge_row(merge, of_table, of_column, 'kept', this_row);
END
$$;
COMMENT ON FUNCTION drop_merged_row(uuid, regclass, text, text, jsonb) IS 'drops a row that says nothing the survivor''s rows do not say, with its parts; when facts refer to it, it stays with the merged record';

CREATE FUNCTION follow_merge(merge uuid, rel regclass, of_table text, of_column text, same_key text[], this_row jsonb, winner uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	new_row jsonb := this_row || jsonb_build_object(of_column, winner);
	changes jsonb := jsonb_build_object(of_column, winner);
	stored jsonb;
	parts datemultirange;
	part daterange;
	dated boolean := (SELECT count(*) = 2 FROM pg_attribute AS a
		WHERE a.attrelid = follow_merge.rel AND a.attname IN ('valid_from', 'valid_to') AND a.atttypid = 'date'::regtype AND a.attnum > 0);
	key_name name;
	taken boolean;
	same text;
BEGIN
	IF same_key <> '{}' THEN
		SELECT string_agg(CASE WHEN k.name = of_column THEN format('o.%I = %L::uuid', k.name, winner)
				WHEN new_row ->> k.name IS NULL THEN format('o.%I IS NULL', k.name)
				ELSE format('o.%I::text = %L', k.name, new_row ->> k.name) END, ' AND ') INTO same
		FROM unnest(same_key) AS k (name);
		IF dated THEN
			EXECUTE format('SELECT datemultirange(daterange($1, $2)) - coalesce(range_agg(daterange(o.valid_from, o.valid_to)), ''{}'') FROM %s AS o WHERE %s', rel, same)
				INTO parts USING (this_row ->> 'valid_from')::date, (this_row ->> 'valid_to')::date;
			IF isempty(parts) THEN
				PERFORM drop_merged_row(merge, rel, of_table, of_column, this_row);
				RETURN;
			END IF;
		ELSE
			EXECUTE format('SELECT EXISTS (SELECT FROM %s AS o WHERE %s)', rel, same) INTO taken;
			IF taken THEN
				PERFORM drop_merged_row(merge, rel, of_table, of_column, this_row);
				RETURN;
			END IF;
		END IF;
	END IF;
	IF this_row @> '{"is_primary": true}' THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s AS o WHERE o.%I = $1 AND o.is_primary AND to_jsonb(o) -> ''kind'' IS NOT DISTINCT FROM $2)', rel, of_column)
			INTO taken USING winner, this_row -> 'kind';
		IF taken THEN
			changes := changes || '{"is_primary": false}';
		END IF;
	END IF;

	FOR part IN SELECT p FROM unnest(parts) AS p UNION ALL SELECT NULL WHERE parts IS NULL
	LOOP
		IF part IS NOT NULL THEN
			changes := changes || jsonb_build_object('valid_from', lower(part), 'valid_to', upper(part));
		END IF;
		IF stored IS NULL THEN
			BEGIN
				stored := lsce._row_update(rel, this_row, changes);
			EXCEPTION WHEN check_violation THEN
				-- a row that would refer to its own account goes, or forgets it
				IF NOT EXISTS (SELECT FROM lsce._account_references(@model_literal@::regnamespace) AS r
					WHERE r.rel = follow_merge.rel AND r.column_name <> of_column AND this_row ->> r.column_name = winner::text) THEN
					RAISE;
				END IF;
				IF (SELECT a.attnotnull FROM pg_attribute AS a WHERE a.attrelid = rel AND a.attname = of_column) THEN
					PERFORM drop_merged_row(merge, rel, of_table, of_column, this_row);
				ELSE
					PERFORM note_merge_row(merge, of_table, of_column, 'changed', this_row,
						lsce._row_update(rel, this_row, jsonb_build_object(of_column, NULL)));
				END IF;
				RETURN;
			END;
			PERFORM note_merge_row(merge, of_table, of_column, 'changed', this_row, stored);
		ELSE
			-- the same statement for the days after those of the survivor's row
			SELECT a.attname INTO key_name FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
				WHERE i.indrelid = rel AND i.indisprimary AND i.indnkeyatts = 1 AND a.atttypid = 'uuid'::regtype;
			PERFORM note_merge_row(merge, of_table, of_column, 'added', NULL, lsce._row_insert(rel, stored || changes
				|| CASE WHEN key_name IS NULL THEN '{}' ELSE jsonb_build_object(key_name, lsce.uuid_v7()) END));
		END IF;
	END LOOP;
EXCEPTION WHEN unique_violation OR exclusion_violation OR check_violation OR restrict_violation OR not_null_violation THEN
	PERFORM lsce.raise_reason('MERGE_REFUSED', format('a row of %s cannot follow to account %s: %s', of_table, winner, SQLERRM),
		jsonb_build_object('table', of_table, 'column', of_column, 'row', this_row), rel);
END
$$;
COMMENT ON FUNCTION follow_merge(uuid, regclass, text, text, text[], jsonb, uuid) IS 're-points one row to the survivor: cut to the days on which no row of the survivor says the same, no second primary one, never to itself';

CREATE FUNCTION lock_identity(accounts uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	-- twice: while the first waited, others may have been merged into these
	FOR pass IN 1 .. 2
	LOOP
		PERFORM FROM account AS a WHERE a.account_id = ANY (accounts) OR a.survivor_id = ANY (accounts)
			ORDER BY a.account_id FOR UPDATE;
	END LOOP;
END
$$;
COMMENT ON FUNCTION lock_identity(uuid[]) IS 'locks accounts and the records merged into them: waits for every fact about to be stored for them, and holds back new ones';

CREATE FUNCTION require_settled(missed boolean, what text) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	IF missed THEN
		RAISE serialization_failure USING
			MESSAGE = format('could not serialize the merge: %s were stored by others meanwhile', what),
			HINT = 'Retry the transaction.';
	END IF;
END
$$;
COMMENT ON FUNCTION require_settled(boolean, text) IS 'fails a merge that found, at REPEATABLE READ, what its snapshot does not show';

CREATE FUNCTION merge_account(winner uuid, loser uuid, reason text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	model constant regnamespace := @model_literal@::regnamespace;
	merge constant uuid := lsce.uuid_v7();
	winning account;
	losing account;
	ref record;
	this_row jsonb;
	golden jsonb[];
	members uuid[];
	staying text[] := '{}'::text[];
	over int;
BEGIN
	IF merge_account.winner IS NULL OR merge_account.loser IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'merging takes two accounts';
	ELSIF merge_account.winner = merge_account.loser THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s cannot be merged into itself', merge_account.winner), NULL, 'account'::regclass);
	ELSIF merge_account.reason !~ '\S' IS NOT FALSE THEN
		PERFORM lsce.raise_reason('AUDIT_REASON_REQUIRED', 'a merge needs a reason', NULL, 'account_merge'::regclass);
	END IF;
	PERFORM lock_identity(ARRAY[merge_account.winner, merge_account.loser]);
	SELECT * INTO winning FROM account AS a WHERE a.account_id = merge_account.winner;
	SELECT * INTO losing FROM account AS a WHERE a.account_id = merge_account.loser;
	IF winning.account_id IS NULL OR losing.account_id IS NULL THEN
		PERFORM lsce.raise_reason('UNKNOWN_ACCOUNT', format('account %s does not exist',
			CASE WHEN winning.account_id IS NULL THEN merge_account.winner ELSE merge_account.loser END), NULL, 'account'::regclass);
	ELSIF losing.survivor_id IS NOT NULL THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s has been merged into %s already', losing.account_id, losing.survivor_id), NULL, 'account'::regclass);
	ELSIF winning.survivor_id = losing.account_id THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s was itself merged into %s: undo that merge to turn it round', winning.account_id, losing.account_id), NULL, 'account'::regclass);
	ELSIF winning.survivor_id IS NOT NULL THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s has been merged into %s: merge into that one', winning.account_id, winning.survivor_id), NULL, 'account'::regclass);
	ELSIF winning.kind <> losing.kind THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('an account of kind %s cannot be merged into one of kind %s', losing.kind, winning.kind), NULL, 'account'::regclass);
	END IF;
	members := ARRAY(SELECT a.account_id FROM account AS a WHERE a.account_id = losing.account_id OR a.survivor_id = losing.account_id ORDER BY 1);

	INSERT INTO account_merge (merge_id, winner_id, loser_id, reason, merged_by)
		VALUES (merge, winning.account_id, losing.account_id, merge_account.reason, lsce.acting_name(model));
	PERFORM move_limit_uses(merge, losing.account_id, winning.account_id);
	PERFORM note_merge_row(merge, 'account', 'account_id', 'changed', to_jsonb(losing),
		lsce._row_update('account'::regclass, to_jsonb(losing), jsonb_build_object('status', 'merged', 'survivor_id', winning.account_id)));

	FOR ref IN
		SELECT r.rel, r.table_name, r.column_name::text AS column_name, p.action, p.same_key
		FROM lsce._account_references(model) AS r
		LEFT JOIN merge_policy AS p ON p.table_name = r.table_name AND p.column_name = r.column_name
		WHERE p.action IS DISTINCT FROM 'stay'
		ORDER BY p.action = 'refuse' DESC NULLS LAST, r.table_name COLLATE "C", r.column_name COLLATE "C"
	LOOP
		-- somebody else's table, of which nobody has said anything, is not looked into
		IF ref.action IS NULL AND (SELECT c.relowner <> current_user::regrole FROM pg_class AS c WHERE c.oid = ref.rel) THEN
			staying := staying || format('%s.%s', ref.table_name, ref.column_name);
			CONTINUE;
		END IF;
		IF ref.action = 'follow' AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = ref.rel AND i.indisprimary) THEN
			PERFORM lsce.raise_reason('MERGE_REFUSED', format('rows of %s cannot follow: the table has no primary key', ref.table_name), NULL, ref.rel);
		END IF;
		FOR this_row IN
			EXECUTE format('SELECT to_jsonb(t) FROM %s AS t WHERE t.%I = $1 ORDER BY to_jsonb(t)::text COLLATE "C"%s', ref.rel, ref.column_name,
				CASE ref.action WHEN 'follow' THEN '' ELSE ' LIMIT 1' END) USING losing.account_id
		LOOP
			CASE ref.action
				WHEN 'follow' THEN
					PERFORM follow_merge(merge, ref.rel, ref.table_name, ref.column_name, ref.same_key, this_row, winning.account_id);
				WHEN 'refuse' THEN
					PERFORM lsce.raise_reason('MERGE_REFUSED', format('account %s has rows in %s, whose owner refuses merges', losing.account_id, ref.table_name),
						NULL, ref.rel);
				ELSE
					staying := staying || format('%s.%s', ref.table_name, ref.column_name);
			END CASE;
		END LOOP;
	END LOOP;

	golden := ARRAY[lsce._row_read('account'::regclass, to_jsonb(winning)), lsce._row_read('hcp'::regclass, to_jsonb(winning)), lsce._row_read('hco'::regclass, to_jsonb(winning))];
	IF EXISTS (SELECT FROM apply_golden_record(winning.account_id)) THEN
		FOR ref IN
			SELECT t.name, golden[t.n] AS old_row, lsce._row_read(t.name::regclass, to_jsonb(winning)) AS new_row
			FROM (VALUES (1, 'account'), (2, 'hcp'), (3, 'hco')) AS t (n, name) WHERE golden[t.n] IS NOT NULL ORDER BY t.n
		LOOP
			IF ref.old_row - 'sys_from' IS DISTINCT FROM ref.new_row - 'sys_from' THEN
				PERFORM note_merge_row(merge, ref.name, 'account_id', 'changed', ref.old_row, ref.new_row);
			END IF;
		END LOOP;
	END IF;
	PERFORM note_moving_excess(merge);

	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		PERFORM require_settled(lsce.exists_now('SELECT FROM account_counters($1[1]) AS k JOIN limit_counter AS c'
			' USING (rule_id, subject_key, pool_key, window_from) WHERE c.used <> 0', ARRAY[losing.account_id]), 'facts of the merged account');
		PERFORM require_settled(lsce.exists_now(format('SELECT FROM %s WHERE %I = $1[1] OFFSET %s', r.rel, r.column_name,
				(SELECT count(*) FROM account_merge_row AS m WHERE m.merge_id = merge AND m.op = 'kept' AND m.table_name = p.table_name AND m.column_name = p.column_name)),
			ARRAY[losing.account_id]), 'rows of ' || r.table_name)
			FROM lsce._account_references(model) AS r
			JOIN merge_policy AS p ON p.table_name = r.table_name AND p.column_name = r.column_name AND p.action <> 'stay';
	END IF;

	SELECT count(*) INTO over FROM discrepancy AS d WHERE d.justification = format('merge %s', merge);
	INSERT INTO outbox (topic, entity_id, payload)
		SELECT 'account.merged', winning.account_id, jsonb_build_object('merge_id', merge, 'loser_id', losing.account_id, 'members', members,
			'rows', count(*) FILTER (WHERE r.op <> 'kept'), 'kept', count(*) FILTER (WHERE r.op = 'kept'), 'stayed', staying, 'limits_exceeded', over)
		FROM account_merge_row AS r WHERE r.merge_id = merge;
	IF over > 0 THEN
		RAISE WARNING USING MESSAGE = format('%s limit(s) of the surviving account hold more than they allow', over),
			HINT = 'Each has an open row in discrepancy.';
	END IF;
	IF staying <> '{}' THEN
		RAISE WARNING USING MESSAGE = format('rows stay with the merged account in %s', array_to_string(staying, ', ')),
			HINT = 'merge_policy says what a merge does with the rows of a table.';
	END IF;
	RETURN merge;
END
$$;
COMMENT ON FUNCTION merge_account(uuid, uuid, text) IS 'two records are one account: the first one survives. Facts keep the id they were stored with, limits count both, master data follows; returns the id by which unmerge_account() undoes it';

CREATE FUNCTION unmerge_account(merge_id uuid) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	model constant regnamespace := @model_literal@::regnamespace;
	undone account_merge;
	later account_merge;
	members uuid[];
	item account_merge_row;
	rel regclass;
	current_row jsonb;
	changes jsonb;
	restored int := 0;
	left_alone int := 0;
BEGIN
	SELECT * INTO undone FROM account_merge AS m WHERE m.merge_id = unmerge_account.merge_id;
	IF NOT FOUND THEN
		RAISE no_data_found USING MESSAGE = format('merge %s does not exist', coalesce(unmerge_account.merge_id::text, 'NULL'));
	END IF;
	PERFORM lock_identity(ARRAY[undone.winner_id, undone.loser_id]);
	SELECT * INTO undone FROM account_merge AS m WHERE m.merge_id = unmerge_account.merge_id FOR UPDATE;
	IF undone.unmerged_at IS NOT NULL THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('merge %s was undone at %s', undone.merge_id, undone.unmerged_at), NULL, 'account_merge'::regclass);
	END IF;
	SELECT * INTO later FROM account_merge AS m WHERE m.unmerged_at IS NULL AND m.merge_id <> undone.merge_id AND m.merged_at >= undone.merged_at
		AND (m.loser_id = undone.winner_id OR (m.winner_id = undone.winner_id
			AND EXISTS (SELECT FROM account_merge_row AS r WHERE r.merge_id = m.merge_id AND (r.op IN ('dropped', 'added', 'kept')
				OR (r.op = 'changed' AND (r.old_row - 'sys_from' - r.column_name) <> (r.new_row - 'sys_from' - r.column_name) AND r.table_name <> 'account')))))
		ORDER BY m.merged_at DESC, m.merge_id DESC LIMIT 1;
	IF FOUND THEN
		PERFORM lsce.raise_reason('MERGE_REFUSED', format('merge %s builds on merge %s: undo it first', later.merge_id, undone.merge_id), NULL, 'account_merge'::regclass);
	END IF;

	members := ARRAY(SELECT (r.old_row ->> 'account_id')::uuid FROM account_merge_row AS r
		WHERE r.merge_id = undone.merge_id AND r.table_name = 'account' AND r.new_row ->> 'survivor_id' = undone.winner_id::text ORDER BY 1);
	PERFORM move_limit_uses(undone.merge_id, undone.winner_id, undone.loser_id, members);

	-- the records first: until they are themselves again they take no rows
	FOR item IN SELECT * FROM account_merge_row AS r WHERE r.merge_id = undone.merge_id AND r.op <> 'kept' ORDER BY r.table_name <> 'account', r.n DESC
	LOOP
		rel := to_regclass(item.table_name);
		CONTINUE WHEN rel IS NULL;
		current_row := lsce._row_read(rel, coalesce(item.new_row, item.old_row));
		BEGIN
			CASE item.op
				WHEN 'changed' THEN
					-- only what the merge changed and nobody has changed since
					SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') INTO changes FROM jsonb_each(item.old_row) AS o
						WHERE o.value IS DISTINCT FROM item.new_row -> o.key AND item.new_row -> o.key = current_row -> o.key AND o.key = ANY (lsce._row_columns(rel)::text[]);
					IF changes = '{}' THEN
						left_alone := left_alone + 1;
						CONTINUE;
					END IF;
					PERFORM lsce._row_update(rel, item.new_row, changes);
				WHEN 'dropped' THEN
					IF current_row IS NOT NULL THEN
						left_alone := left_alone + 1;
						CONTINUE;
					END IF;
					PERFORM lsce._row_insert(rel, item.old_row);
				WHEN 'added' THEN
					IF current_row - 'sys_from' IS DISTINCT FROM item.new_row - 'sys_from' THEN
						left_alone := left_alone + 1;
						CONTINUE;
					END IF;
					PERFORM lsce._row_delete(rel, item.new_row);
			END CASE;
			restored := restored + 1;
		EXCEPTION WHEN unique_violation OR exclusion_violation OR check_violation OR foreign_key_violation THEN
			PERFORM lsce.raise_reason('MERGE_REFUSED', format('merge %s cannot be undone: a row of %s has no place any more: %s', undone.merge_id, item.table_name, SQLERRM),
				jsonb_build_object('table', item.table_name, 'row', item.old_row), rel);
		END;
	END LOOP;
	-- what sources said of the merged record meanwhile was written to the survivor
	IF EXISTS (SELECT FROM account_source_value AS v WHERE v.account_id = ANY (members) AND v.recorded_at >= undone.merged_at) THEN
		PERFORM apply_golden_record(undone.winner_id), apply_golden_record(undone.loser_id);
	END IF;
	UPDATE account_merge AS m SET unmerged_at = clock_timestamp(), unmerged_by = lsce.acting_name(model) WHERE m.merge_id = undone.merge_id;
	UPDATE discrepancy AS d SET status = 'closed', closed_at = clock_timestamp(), closed_by = lsce.acting_name(model)
		WHERE d.justification = format('merge %s', undone.merge_id) AND d.status IN ('open', 'in_review')
			AND left(d.subject_key, 36) = undone.winner_id::text
			AND NOT EXISTS (SELECT FROM limit_counter AS c WHERE c.rule_id = d.rule_id AND c.subject_key = d.subject_key
				AND c.pool_key = d.pool_key AND c.window_from = d.window_from AND c.excess > 0);

	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		PERFORM require_settled(lsce.exists_now(format('SELECT FROM account_counters(%L) AS k JOIN limit_use AS u USING (rule_id, subject_key, pool_key, window_from)'
			' JOIN disbursement AS d USING (disbursement_id) WHERE CASE k.subject WHEN ''hco'' THEN d.hco_id ELSE d.practitioner_id END = ANY ($1)'
			' GROUP BY rule_id, subject_key, pool_key, window_from, disbursement_id HAVING sum(u.quantity) <> 0', undone.winner_id), members), 'facts of the merged account');
	END IF;
	INSERT INTO outbox (topic, entity_id, payload) VALUES ('account.unmerged', undone.winner_id,
		jsonb_build_object('merge_id', undone.merge_id, 'loser_id', undone.loser_id, 'members', members, 'restored', restored, 'left', left_alone));
	IF left_alone > 0 THEN
		RAISE WARNING USING MESSAGE = format('%s row(s) of merge %s were changed since and stay as they are', left_alone, undone.merge_id);
	END IF;
	RETURN restored;
END
$$;
COMMENT ON FUNCTION unmerge_account(uuid) IS 'undoes a merge: master data goes back row by row, limits are counted again by whose facts they are; returns how many rows were restored. What was entered for the survivor since stays with him';
