-- Samples: hand-overs, their corrections, limits and the stock ledger.

CREATE FUNCTION lsce.handover_derive() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_handover_derive';
COMMENT ON FUNCTION lsce.handover_derive() IS 'before insert on disbursement, for each row: its own decision id, and the columns that follow from the others (place, business day, practitioner, user, bag, company, territory)';

CREATE FUNCTION lsce.handover_charge() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_handover_charge';
COMMENT ON FUNCTION lsce.handover_charge() IS 'after insert on disbursement, for each statement: judge every row, charge limits, requests and stock, store the decisions; or raise and store nothing';

CREATE FUNCTION lsce.reversal_derive() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_reversal_derive';
COMMENT ON FUNCTION lsce.reversal_derive() IS 'before insert on disbursement_reversal, for each row: where the units go, which follows from the kind, and who reverses';

CREATE FUNCTION lsce.reversal_apply() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_reversal_apply';
COMMENT ON FUNCTION lsce.reversal_apply() IS 'after insert on disbursement_reversal, for each statement: give back limits, request quantity and stock, never more than was given';

CREATE FUNCTION lsce.receipt_check() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_receipt_check';
COMMENT ON FUNCTION lsce.receipt_check() IS 'after insert on sample_receipt, for each statement: nobody signs for more than was given';

CREATE FUNCTION lsce.post_entries() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_post_entries';
COMMENT ON FUNCTION lsce.post_entries() IS 'after insert on inventory_entry, for each statement: operations balance, stock follows';

CREATE FUNCTION lsce.limit_rule_changed() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_limit_rule_changed';
COMMENT ON FUNCTION lsce.limit_rule_changed() IS 'after update on limit_rule, for each statement: counters of open windows get the new quota, what is above it becomes excess with a discrepancy';

CREATE FUNCTION lsce.store_refusal(model regnamespace, fact_id uuid,
	OUT decision_id uuid, OUT outcome text, OUT reason_codes text[])
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'lsce_store_refusal';
COMMENT ON FUNCTION lsce.store_refusal(regnamespace, uuid) IS 'store the refusal of that fact made last in this transaction as a decision that permits nothing; NULLs when there was none';

CREATE FUNCTION lsce.sample_headroom(model regnamespace, account_id uuid, product_id uuid, at date, user_id uuid,
	OUT rule_id uuid, OUT template text, OUT window_from date, OUT window_to date, OUT quota numeric, OUT used numeric,
	OUT remaining numeric, OUT per_visit numeric, OUT frees_on date)
RETURNS SETOF record
	LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000 ROWS 3 AS 'MODULE_PATHNAME', 'lsce_sample_headroom';
COMMENT ON FUNCTION lsce.sample_headroom(regnamespace, uuid, uuid, date, uuid) IS 'what each limit that applies to a user leaves of a product for an account on a day; body of sample_headroom() of a model';

CREATE FUNCTION lsce.request_guard() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'INSERT' THEN
		NEW.created_at := transaction_timestamp();
		RETURN NEW;
	END IF;
	IF OLD.status = 'draft' THEN
		NEW.created_at := OLD.created_at;
		RETURN NEW;
	END IF;
	IF to_jsonb(NEW) - '{status,sys_from}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{status,sys_from}'::text[] THEN
		PERFORM lsce.raise_reason('RECORD_IMMUTABLE', format('request %s is %s: what was signed does not change', OLD.request_id, OLD.status), NULL, TG_RELID);
	END IF;
	IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
		(('signed', 'approved'), ('signed', 'rejected'), ('signed', 'cancelled'), ('approved', 'cancelled')) THEN
		PERFORM lsce.raise_reason('RECORD_IMMUTABLE', format('request %s cannot go from %s to %s', OLD.request_id, OLD.status, NEW.status), NULL, TG_RELID);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.request_guard() IS 'trigger on sample_request: except for the owner, what was signed does not change; created_at is the time of the transaction that stored it';

CREATE FUNCTION lsce.request_line_guard() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	may_grow boolean;
BEGIN
	IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RETURN NEW;
	END IF;
	NEW.fulfilled := 0;
	NEW.excess := 0;
	EXECUTE format('SELECT status = ''draft'' OR created_at = transaction_timestamp() FROM %I.sample_request WHERE request_id = $1', TG_TABLE_SCHEMA)
		INTO may_grow USING NEW.request_id;
	-- one that is not there, or not visible, is refused by key and policy
	IF NOT may_grow THEN
		PERFORM lsce.raise_reason('RECORD_IMMUTABLE', format('request %s is no draft: lines come before the signature or with it', NEW.request_id), NULL, TG_RELID);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION lsce.request_line_guard() IS 'trigger on sample_request_line: except for the owner, lines are added to a draft or by the transaction that stores the request, and nothing is fulfilled yet';
