-- Trigger functions that keep history and refuse to change what was stored.

CREATE FUNCTION lsce.history() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_history';
COMMENT ON FUNCTION lsce.history() IS 'trigger: BEFORE INSERT OR UPDATE stamps sys_from, AFTER UPDATE OR DELETE copies the old row to <table>_h';

CREATE FUNCTION lsce.append_only() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_append_only';
COMMENT ON FUNCTION lsce.append_only() IS 'trigger: refuses UPDATE and DELETE with RECORD_IMMUTABLE';

CREATE FUNCTION lsce.no_truncate() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_no_truncate';
COMMENT ON FUNCTION lsce.no_truncate() IS 'trigger: refuses TRUNCATE with RECORD_IMMUTABLE';

CREATE FUNCTION lsce.signature_complete() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_signature_complete';
COMMENT ON FUNCTION lsce.signature_complete() IS 'trigger: refuses a signature without printed name, time or meaning with SIGNATURE_INCOMPLETE';

CREATE FUNCTION lsce.rule_lifecycle() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE');
	who text := lsce.acting_name(quote_ident(TG_TABLE_SCHEMA)::regnamespace);
	is_law boolean := coalesce((to_jsonb(NEW) ->> 'law_based')::boolean, true);
	was_law boolean;
	label text := coalesce(to_jsonb(NEW) ->> 'code', to_jsonb(NEW) ->> TG_ARGV[0]);
	lifecycle text[] := '{status,authored_by,approved_by,approved_at,sys_from,valid_to}'::text[];
BEGIN
	-- the law stays the law for everybody, the owner too
	IF TG_OP = 'UPDATE' THEN
		was_law := coalesce((to_jsonb(OLD) ->> 'law_based')::boolean, true);
		IF was_law AND NOT is_law AND OLD.status <> 'draft' THEN
			PERFORM lsce.raise_reason('LAW_RULE_PROTECTED', format('%s "%s" is a law row and stays one', TG_TABLE_NAME, label), NULL, TG_RELID);
		END IF;
	END IF;
	IF is_law AND to_jsonb(NEW) ->> 'enforcement' = 'warning' THEN
		PERFORM lsce.raise_reason('LAW_RULE_PROTECTED', format('%s "%s" is a law row and cannot become a warning', TG_TABLE_NAME, label), NULL, TG_RELID);
	END IF;
	IF NEW.status = 'approved' AND is_law AND NEW.approved_by IS NOT DISTINCT FROM NEW.authored_by AND is_owner THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" needs the approval of someone other than its author %s', TG_TABLE_NAME, label, NEW.authored_by), NULL, TG_RELID);
	END IF;
	IF is_owner THEN
		RETURN NEW;
	END IF;

	-- everybody else signs with the name he acts under
	IF TG_OP = 'INSERT' THEN
		NEW.authored_by := who;
		IF NEW.status <> 'draft' THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" begins as a draft', TG_TABLE_NAME, label), NULL, TG_RELID);
		END IF;
		NEW.approved_by := NULL;
		NEW.approved_at := NULL;
		RETURN NEW;
	END IF;
	IF to_jsonb(NEW) - lifecycle IS DISTINCT FROM to_jsonb(OLD) - lifecycle THEN
		IF OLD.status <> 'draft' THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" is %s: only a draft can be changed', TG_TABLE_NAME, label, OLD.status), NULL, TG_RELID);
		ELSIF NEW.status <> 'draft' THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" cannot be changed and %s in one statement', TG_TABLE_NAME, label, NEW.status), NULL, TG_RELID);
		END IF;
		NEW.authored_by := who;
	ELSE
		NEW.authored_by := OLD.authored_by;
	END IF;
	IF NEW.status = 'approved' AND OLD.status = 'draft' THEN
		IF who = NEW.authored_by THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" needs the approval of someone other than its author %s', TG_TABLE_NAME, label, who), NULL, TG_RELID);
		END IF;
		NEW.approved_by := who;
		NEW.approved_at := clock_timestamp();
	ELSIF NEW.status <> OLD.status AND NOT (OLD.status IN ('draft', 'approved') AND NEW.status = 'retired') THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" cannot go from %s to %s', TG_TABLE_NAME, label, OLD.status, NEW.status), NULL, TG_RELID);
	ELSE
		NEW.approved_by := OLD.approved_by;
		NEW.approved_at := OLD.approved_at;
		IF OLD.status = 'approved' AND NEW.valid_to > OLD.valid_to THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" is approved until %s and can only end earlier', TG_TABLE_NAME, label, OLD.valid_to), NULL, TG_RELID);
		END IF;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.rule_lifecycle() IS 'trigger on tables with status and approval: law rows stay law and errors; except for the owner, who loads them, rows begin as drafts, are approved by someone other than their last author and do not change afterwards. Argument: name of the key column';

CREATE FUNCTION lsce.limit_lifecycle() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	template_code text;
	template_is_law boolean;
	template_status text;
	rule_name text;
	rule_quota numeric;
	rule_per_visit numeric;
	template_of uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.template_id ELSE NEW.template_id END;
BEGIN
	EXECUTE format('SELECT code, law_based, status FROM %I.limit_template WHERE template_id = $1', TG_TABLE_SCHEMA)
		INTO template_code, template_is_law, template_status USING template_of;
	IF TG_OP <> 'DELETE' AND template_is_law AND TG_TABLE_NAME = 'limit_assignment' THEN
		EXECUTE format('SELECT r.name, r.quota, r.per_visit FROM %I.limit_rule AS r WHERE r.template_id = $1'
			' AND (r.quota < $2 OR r.per_visit < $3) ORDER BY r.name LIMIT 1', TG_TABLE_SCHEMA)
			INTO rule_name, rule_quota, rule_per_visit USING template_of, (to_jsonb(NEW) ->> 'quota_override')::numeric, (to_jsonb(NEW) ->> 'per_visit_override')::numeric;
		IF rule_name IS NOT NULL THEN
			PERFORM lsce.raise_reason('LAW_RULE_PROTECTED',
				format('an override of law template "%s" may only lower its figures: rule "%s" has quota %s and %s per visit',
					template_code, rule_name, coalesce(rule_quota::text, 'none'), coalesce(rule_per_visit::text, 'none')), NULL, TG_RELID);
		END IF;
	END IF;
	IF TG_TABLE_NAME = 'limit_rule' AND template_status <> 'draft'
		AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED',
			format('template "%s" is %s: its rules do not change', template_code, template_status), NULL, TG_RELID);
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION lsce.limit_lifecycle() IS 'trigger on limit_rule and limit_assignment: an override may only lower the figure of a law; except for the owner, rules of a template that is no draft do not change';

CREATE FUNCTION lsce.recorded() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_recorded';
COMMENT ON FUNCTION lsce.recorded() IS 'trigger: BEFORE INSERT sets the columns that its arguments name to the current role and time, except for the owner';

CREATE FUNCTION lsce.fixed_columns() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_fixed_columns';
COMMENT ON FUNCTION lsce.fixed_columns() IS 'trigger: BEFORE UPDATE refuses changes of the columns that its arguments name, except by the owner';

CREATE FUNCTION lsce.signature_purpose() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_signature_purpose';
COMMENT ON FUNCTION lsce.signature_purpose() IS 'trigger: BEFORE INSERT refuses a signature of another purpose than its first argument or, with a second one, of another account than that in the column it names';

CREATE FUNCTION lsce.discrepancy_guard() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RETURN NEW;
	END IF;
	IF to_jsonb(NEW) - '{status,justification,closed_at,closed_by}'::text[] IS DISTINCT FROM
		to_jsonb(OLD) - '{status,justification,closed_at,closed_by}'::text[] THEN
		PERFORM lsce.raise_reason('RECORD_IMMUTABLE', format('of discrepancy %s only status and justification change', OLD.discrepancy_id), NULL, TG_RELID);
	END IF;
	IF NEW.status <> 'closed' THEN
		NEW.closed_at := NULL;
		NEW.closed_by := NULL;
	ELSIF OLD.status = 'closed' THEN
		NEW.closed_at := OLD.closed_at;
		NEW.closed_by := OLD.closed_by;
	ELSE
		NEW.closed_at := clock_timestamp();
		NEW.closed_by := lsce.acting_name(quote_ident(TG_TABLE_SCHEMA)::regnamespace);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.discrepancy_guard() IS 'trigger: what a discrepancy is about stays; the server says who closed it and when';
