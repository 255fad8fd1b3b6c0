-- Changes of master data that one asks for and another decides.

CREATE FUNCTION changeable_columns(table_name text) RETURNS TABLE (column_name text, type text)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
	-- master data: the tables of accounts, and tables of users whose rows follow a merge
	SELECT a.attname::text, format_type(a.atttypid, a.atttypmod)
	FROM pg_class AS c
	JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.oid = CASE
			WHEN $1 IN (SELECT m.name FROM lsce._object_groups() AS g, unnest(g.members) AS m (name) WHERE g.name = 'accounts') THEN
				to_regclass(format('%s.%I', @model_literal@::regnamespace, $1))
			WHEN $1 IN (SELECT p.table_name FROM merge_policy AS p WHERE p.action = 'follow' AND position('.' IN p.table_name) > 0) THEN to_regclass($1) END
		AND a.attgenerated = '' AND a.attidentity <> 'a' AND a.attname NOT IN ('sys_from', 'survivor_id')
	ORDER BY a.attnum;
END;
COMMENT ON FUNCTION changeable_columns(text) IS 'columns of a table of master data that a change request may name; none for facts';

CREATE FUNCTION check_changes(table_name text, op text, new_values jsonb) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	field record;
BEGIN
	IF NOT EXISTS (SELECT FROM changeable_columns(check_changes.table_name)) THEN
		RAISE undefined_table USING MESSAGE = format('%s is no table of master data', coalesce(check_changes.table_name, 'NULL')),
			HINT = 'Facts are never changed; corrections are rows of their own.';
	ELSIF check_changes.op NOT IN ('create', 'update', 'deactivate') IS NOT FALSE THEN
		RAISE invalid_parameter_value USING MESSAGE = format('op must be create, update or deactivate, not %L', check_changes.op);
	ELSIF jsonb_typeof(check_changes.new_values) IS DISTINCT FROM 'object' OR check_changes.new_values = '{}' THEN
		RAISE invalid_parameter_value USING MESSAGE = 'changes must be a JSON object of at least one column';
	END IF;
	FOR field IN
		SELECT e.key, e.value, c.type FROM jsonb_each_text(check_changes.new_values) AS e
		LEFT JOIN changeable_columns(check_changes.table_name) AS c ON c.column_name = e.key ORDER BY e.key COLLATE "C"
	LOOP
		IF field.type IS NULL THEN
			RAISE undefined_column USING MESSAGE = format('%s has no column "%s" that can be changed', check_changes.table_name, field.key);
		ELSIF check_changes.table_name = 'account' AND field.key = 'status' AND field.value = 'merged' THEN
			PERFORM lsce.raise_reason('MERGE_REFUSED', 'an account is merged by merge_account(), not by a change request', NULL, 'account'::regclass);
		END IF;
	END LOOP;
	-- the values are of the columns' types, or this raises
	EXECUTE format('SELECT FROM jsonb_populate_record(NULL::%s, $1)', to_regclass(check_changes.table_name)) USING check_changes.new_values;
END
$$;
COMMENT ON FUNCTION check_changes(text, text, jsonb) IS 'raises unless the table is master data, the columns exist and the values are of their types';

CREATE FUNCTION request_change(table_name text, row_key jsonb, changes jsonb, op text DEFAULT 'update', validation text DEFAULT 'internal',
	apply_now boolean DEFAULT false, reason text DEFAULT NULL, parent_id uuid DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	request constant uuid := lsce.uuid_v7();
	rel regclass;
	key_columns text[];
	current_row jsonb;
	new_values jsonb := request_change.changes;
BEGIN
	IF request_change.op = 'deactivate' AND coalesce(request_change.changes, '{}') = '{}' THEN
		new_values := CASE WHEN EXISTS (SELECT FROM changeable_columns(request_change.table_name) AS c WHERE c.column_name = 'valid_to')
			THEN jsonb_build_object('valid_to', current_date + 1) ELSE '{"status": "inactive"}' END;
	END IF;
	PERFORM check_changes(request_change.table_name, request_change.op, new_values);
	rel := to_regclass(request_change.table_name);
	key_columns := ARRAY(SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::smallint[])
		WHERE i.indrelid = rel AND i.indisprimary ORDER BY a.attnum);
	IF request_change.op = 'create' THEN
		IF request_change.row_key IS NOT NULL THEN
			RAISE invalid_parameter_value USING MESSAGE = 'a row to be created has no key yet: row_key must be NULL';
		END IF;
	ELSE
		IF jsonb_typeof(request_change.row_key) IS DISTINCT FROM 'object'
			OR ARRAY(SELECT k FROM jsonb_object_keys(request_change.row_key) AS k ORDER BY k COLLATE "C")
				<> ARRAY(SELECT k FROM unnest(key_columns) AS k ORDER BY k COLLATE "C") THEN
			RAISE invalid_parameter_value USING MESSAGE = format('row_key of %s must be an object of %s', request_change.table_name, array_to_string(key_columns, ', '));
		ELSIF new_values ?| key_columns THEN
			RAISE invalid_parameter_value USING MESSAGE = format('the key of a row of %s cannot be changed', request_change.table_name);
		END IF;
		-- with the rights of whoever asks: what he does not see does not exist
		current_row := lsce._row_read(rel, request_change.row_key);
		IF current_row IS NULL THEN
			RAISE no_data_found USING MESSAGE = format('row %s of %s does not exist or is not visible', request_change.row_key, request_change.table_name);
		END IF;
	END IF;
	INSERT INTO data_change_request (change_request_id, parent_id, table_name, row_key, op, old_values, new_values, validation, apply_now, reason, requested_by_id, requested_by)
		VALUES (request, request_change.parent_id, request_change.table_name, request_change.row_key, request_change.op,
			coalesce((SELECT jsonb_object_agg(k, current_row -> k) FROM jsonb_object_keys(new_values) AS k WHERE current_row IS NOT NULL), '{}'),
			new_values, coalesce(request_change.validation, 'internal'), coalesce(request_change.apply_now, false), request_change.reason,
			acting_user(), lsce.acting_name(@model_literal@::regnamespace));
	IF request_change.apply_now THEN
		PERFORM apply_change(request, NULL, 'applied at once');
	END IF;
	RETURN request;
END
$$;
COMMENT ON FUNCTION request_change(text, jsonb, jsonb, text, text, boolean, text, uuid) IS 'asks for a change of a row of master data, named by its key; changes {"column": value, …}. apply_now: applied at once with the caller''s own rights, or refused. Returns the id of the request';

CREATE FUNCTION apply_change(id uuid, fields text[], note text) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked data_change_request;
	rel regclass;
	applied jsonb;
	current_row jsonb;
	stale text[];
	new_status text;
BEGIN
	SELECT * INTO asked FROM data_change_request AS r WHERE r.change_request_id = apply_change.id;
	PERFORM check_changes(asked.table_name, asked.op, asked.new_values);
	rel := to_regclass(asked.table_name);
	applied := asked.new_values;
	IF apply_change.fields IS NOT NULL THEN
		applied := coalesce((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(asked.new_values) AS e WHERE e.key = ANY (apply_change.fields)), '{}');
		IF applied = '{}' OR NOT asked.new_values ?& apply_change.fields OR asked.op <> 'update' THEN
			RAISE invalid_parameter_value USING MESSAGE = format('change request %s asks for %s, not for %s', asked.change_request_id,
				(SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(asked.new_values) AS k), array_to_string(apply_change.fields, ', ')),
				HINT = 'A part can be approved of an update only.';
		END IF;
	END IF;
	IF asked.op = 'create' THEN
		current_row := lsce._row_insert(rel, applied);
	ELSE
		current_row := lsce._row_read(rel, asked.row_key);
		IF current_row IS NULL THEN
			RAISE no_data_found USING MESSAGE = format('row %s of %s does not exist or is not visible', asked.row_key, asked.table_name);
		END IF;
		SELECT array_agg(k ORDER BY k COLLATE "C") INTO stale FROM jsonb_object_keys(applied) AS k WHERE asked.old_values -> k IS DISTINCT FROM current_row -> k;
		IF stale IS NOT NULL THEN
			RAISE object_not_in_prerequisite_state USING
				MESSAGE = format('change request %s is out of date: %s of %s changed since', asked.change_request_id, array_to_string(stale, ', '), asked.table_name),
				HINT = 'Reject it and ask again.';
		END IF;
		IF lsce._row_update(rel, asked.row_key, applied) IS NULL THEN
			RAISE insufficient_privilege USING MESSAGE = format('row %s of %s cannot be changed by "%s"', asked.row_key, asked.table_name, current_user);
		END IF;
	END IF;
	new_status := CASE WHEN applied = asked.new_values THEN 'processed' ELSE 'partially_approved' END;
	UPDATE data_change_request AS r SET status = new_status, decided_by = lsce.acting_name(@model_literal@::regnamespace),
			decided_at = clock_timestamp(), decision_note = apply_change.note, applied_values = applied
		WHERE r.change_request_id = asked.change_request_id AND r.status = 'pending';
	IF NOT FOUND THEN
		RAISE insufficient_privilege USING MESSAGE = format('change request %s cannot be decided by "%s"', asked.change_request_id, current_user);
	END IF;
	RETURN new_status;
END
$$;
COMMENT ON FUNCTION apply_change(uuid, text[], text) IS 'applies a change request with the caller''s rights; for approve_change() and request_change()';

CREATE FUNCTION open_change(id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked data_change_request;
BEGIN
	SELECT * INTO asked FROM data_change_request AS r WHERE r.change_request_id = open_change.id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE no_data_found USING MESSAGE = format('change request %s does not exist or is not visible', coalesce(open_change.id::text, 'NULL'));
	ELSIF asked.status <> 'pending' THEN
		RAISE object_not_in_prerequisite_state USING MESSAGE = format('change request %s is %s', asked.change_request_id, asked.status);
	END IF;
END
$$;
COMMENT ON FUNCTION open_change(uuid) IS 'locks a change request; raises unless it is pending';

CREATE FUNCTION approve_change(id uuid, fields text[] DEFAULT NULL, note text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	PERFORM open_change(approve_change.id);
	IF EXISTS (SELECT FROM data_change_request AS r WHERE r.change_request_id = approve_change.id
		AND r.requested_by = lsce.acting_name(@model_literal@::regnamespace)) THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('change request %s needs the approval of someone other than %s, who asked for it',
			approve_change.id, lsce.acting_name(@model_literal@::regnamespace)), NULL, 'data_change_request'::regclass);
	END IF;
	RETURN apply_change(approve_change.id, approve_change.fields, approve_change.note);
END
$$;
COMMENT ON FUNCTION approve_change(uuid, text[], text) IS 'applies a change request, or only some of its columns, with the rights of the approver; refused when the row changed since. Returns processed or partially_approved';

CREATE FUNCTION reject_change(id uuid, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF reject_change.reason !~ '\S' IS NOT FALSE THEN
		PERFORM lsce.raise_reason('AUDIT_REASON_REQUIRED', 'a rejection needs a reason', NULL, 'data_change_request'::regclass);
	END IF;
	PERFORM open_change(reject_change.id);
	UPDATE data_change_request AS r SET status = 'rejected', decided_by = lsce.acting_name(@model_literal@::regnamespace),
			decided_at = clock_timestamp(), decision_note = reject_change.reason
		WHERE r.change_request_id = reject_change.id;
END
$$;
COMMENT ON FUNCTION reject_change(uuid, text) IS 'turns a change request down, with a reason';

CREATE FUNCTION stamp_change_request() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
BEGIN
	IF pg_has_role(current_user, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = TG_RELID), 'USAGE') THEN
		RETURN NEW;
	ELSIF TG_OP = 'INSERT' THEN
		NEW.requested_by_id := acting_user();
		NEW.requested_by := lsce.acting_name(@model_literal@::regnamespace);
		NEW.requested_at := clock_timestamp();
		NEW.status := 'pending';
		NEW.decided_by := NULL;
		NEW.decided_at := NULL;
	ELSIF OLD.status <> 'pending' OR to_jsonb(NEW) - '{status,decided_by,decided_at,decision_note,applied_values,sys_from}'::text[]
		<> to_jsonb(OLD) - '{status,decided_by,decided_at,decision_note,applied_values,sys_from}'::text[] THEN
		PERFORM lsce.raise_reason('RECORD_IMMUTABLE', format('change request %s is decided once and never rewritten', OLD.change_request_id), NULL, TG_RELID);
	ELSE
		NEW.decided_by := lsce.acting_name(@model_literal@::regnamespace);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION stamp_change_request() IS 'trigger: a request is asked for and decided in the name of whoever acts, and does not change; except for the owner, who loads rows';
CREATE TRIGGER stamp_change_request BEFORE INSERT OR UPDATE ON data_change_request
	FOR EACH ROW EXECUTE FUNCTION stamp_change_request();
COMMENT ON TRIGGER stamp_change_request ON data_change_request IS 'nobody asks or decides in another''s name';
