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

CREATE FUNCTION lsce.not_future() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_not_future';
COMMENT ON FUNCTION lsce.not_future() IS 'trigger: refuses a row whose time in a column named has not been yet, or is infinite, with DEVICE_CLOCK';

CREATE FUNCTION lsce._ending(label text, who text, in_force boolean, ends boolean, new_valid_to date,
	old_end_on date, new_end_on date, old_asked_by text, old_approved_by text, relation oid, OUT asked_by text, OUT approved_by text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	asked_by := CASE WHEN new_end_on IS NULL THEN NULL WHEN new_end_on = old_end_on THEN old_asked_by ELSE who END;
	approved_by := CASE WHEN new_end_on = old_end_on THEN old_approved_by END;
	IF NOT ends OR NOT in_force THEN
		RETURN;
	END IF;
	problem := CASE
		WHEN old_end_on IS NULL OR new_end_on IS DISTINCT FROM old_end_on THEN 'is in force: one person asks to end it by end_on, another one ends it'
		WHEN old_asked_by = who THEN format('is ended by someone other than %s, who asked for it', who)
		WHEN new_valid_to <> old_end_on THEN format('was asked to end before %s, not before %s', old_end_on, new_valid_to)
		WHEN new_valid_to IS NULL AND old_end_on > (now() AT TIME ZONE 'UTC')::date THEN format('was asked to end before %s and is not retired today', old_end_on)
	END;
	IF problem IS NOT NULL THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s %s', label, problem), NULL, relation);
	END IF;
	approved_by := who;
END
$$;
COMMENT ON FUNCTION lsce._ending(text, text, boolean, boolean, date, date, date, text, text, oid) IS 'who asked to end a rule and who agreed, after an update by who; raises RULE_NOT_APPROVED when one person alone would end what is in force';

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
	lifecycle text[] := '{status,authored_by,approved_by,approved_at,end_on,end_asked_by,end_approved_by,sys_from,valid_to}'::text[];
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
		NEW.end_on := NULL;
		NEW.end_asked_by := NULL;
		NEW.end_approved_by := NULL;
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
		NEW.end_on := NULL;
		NEW.end_asked_by := NULL;
		NEW.end_approved_by := NULL;
	ELSIF NEW.status <> OLD.status AND NOT (OLD.status IN ('draft', 'approved') AND NEW.status = 'retired') THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" cannot go from %s to %s', TG_TABLE_NAME, label, OLD.status, NEW.status), NULL, TG_RELID);
	ELSE
		NEW.approved_by := OLD.approved_by;
		NEW.approved_at := OLD.approved_at;
		IF OLD.status = 'approved' AND NEW.valid_to > OLD.valid_to THEN
			PERFORM lsce.raise_reason('RULE_NOT_APPROVED', format('%s "%s" is approved until %s and can only end earlier', TG_TABLE_NAME, label, OLD.valid_to), NULL, TG_RELID);
		END IF;
		SELECT e.asked_by, e.approved_by INTO NEW.end_asked_by, NEW.end_approved_by
			FROM lsce._ending(format('%s "%s"', TG_TABLE_NAME, label), who, OLD.status = 'approved',
				NEW.status <> OLD.status OR NEW.valid_to < OLD.valid_to,
				CASE WHEN NEW.valid_to < OLD.valid_to THEN NEW.valid_to END,
				OLD.end_on, NEW.end_on, OLD.end_asked_by, OLD.end_approved_by, TG_RELID) AS e;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.rule_lifecycle() IS 'trigger on tables with status and approval: law rows stay law and errors; except for the owner, who loads them, rows begin as drafts, are approved by someone other than their last author, do not change afterwards, and are ended by someone other than who asked for it. Argument: name of the key column';

CREATE FUNCTION lsce.limit_lifecycle() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	template_code text;
	template_status text;
BEGIN
	IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
	END IF;
	EXECUTE format('SELECT code, status FROM %I.limit_template WHERE template_id IN ($1, $2) AND status <> ''draft'' LIMIT 1', TG_TABLE_SCHEMA)
		INTO template_code, template_status
		USING CASE WHEN TG_OP <> 'INSERT' THEN OLD.template_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.template_id END;
	IF template_code IS NOT NULL THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED',
			format('template "%s" is %s: its rules do not change', template_code, template_status), NULL, TG_RELID);
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION lsce.limit_lifecycle() IS 'trigger on limit_rule: except for the owner, rules of a template that is no draft do not change';

CREATE FUNCTION lsce.assignment_lifecycle() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_owner boolean := pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE');
	who text := lsce.acting_name(quote_ident(TG_TABLE_SCHEMA)::regnamespace);
	figures text[] := '{quota_override,per_visit_override,valid_from,valid_to,end_on,end_asked_by,end_approved_by,sys_from}'::text[];
	template_code text;
	template_is_law boolean;
	template_status text;
	rule_name text;
	rule_quota numeric;
	rule_per_visit numeric;
	above_rule boolean;
	above_all boolean;
BEGIN
	EXECUTE format('SELECT t.code, t.law_based, t.status FROM %I.limit_template AS t WHERE t.template_id = $1', TG_TABLE_SCHEMA)
		INTO template_code, template_is_law, template_status USING NEW.template_id;
	-- what an assignment may do at most, with the lowest figure that holds for a rule somewhere
	EXECUTE format('SELECT r.name, r.quota, r.per_visit,
			r.quota < $2 OR r.per_visit < $3 AS above_rule,
			coalesce($2, r.quota, ''Infinity'') > coalesce(least(r.quota, min(a.quota_override)), ''Infinity'')
			OR coalesce($3, r.per_visit, ''Infinity'') > coalesce(least(r.per_visit, min(a.per_visit_override)), ''Infinity'')
			OR (r.quota IS NULL AND r.per_visit IS NULL AND ($2 IS NOT NULL OR $3 IS NOT NULL)) AS above_all
		FROM %1$I.limit_rule AS r LEFT JOIN %1$I.limit_assignment AS a ON a.template_id = r.template_id
		WHERE r.template_id = $1 GROUP BY r.rule_id ORDER BY 4 DESC NULLS LAST, 5 DESC, r.name LIMIT 1', TG_TABLE_SCHEMA)
		INTO rule_name, rule_quota, rule_per_visit, above_rule, above_all USING NEW.template_id, NEW.quota_override, NEW.per_visit_override;
	IF template_is_law AND above_rule THEN
		PERFORM lsce.raise_reason('LAW_RULE_PROTECTED',
			format('an override of law template "%s" may only lower its figures: rule "%s" has quota %s and %s per visit',
				template_code, rule_name, coalesce(rule_quota::text, 'none'), coalesce(rule_per_visit::text, 'none')), NULL, TG_RELID);
	END IF;
	IF is_owner THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'INSERT' THEN
		NEW.end_on := NULL;
		NEW.end_asked_by := NULL;
		NEW.end_approved_by := NULL;
	ELSE
		SELECT e.asked_by, e.approved_by INTO NEW.end_asked_by, NEW.end_approved_by
			FROM lsce._ending(format('assignment of template "%s"', template_code), who, template_status <> 'draft',
				NEW.valid_to < OLD.valid_to, NEW.valid_to, OLD.end_on, NEW.end_on, OLD.end_asked_by, OLD.end_approved_by, TG_RELID) AS e;
	END IF;
	IF TG_OP = 'UPDATE' AND NEW.template_id <> OLD.template_id THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED', 'an assignment stays with its template', NULL, TG_RELID);
	END IF;
	IF template_status <> 'draft' AND (CASE TG_OP
			WHEN 'INSERT' THEN above_all
			ELSE to_jsonb(NEW) - figures IS DISTINCT FROM to_jsonb(OLD) - figures OR NEW.valid_from > OLD.valid_from
				OR (above_all AND (NEW.quota_override, NEW.per_visit_override) IS DISTINCT FROM (OLD.quota_override, OLD.per_visit_override))
		END) THEN
		PERFORM lsce.raise_reason('RULE_NOT_APPROVED',
			format('template "%s" is %s: assigning it may only tighten it; write a template that someone else approves', template_code, template_status), NULL, TG_RELID);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.assignment_lifecycle() IS 'trigger on limit_assignment: an override may only lower the figure of a law; except for the owner, once the template is no draft an assignment is not loosened, and ended by someone other than who asked for it';

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
