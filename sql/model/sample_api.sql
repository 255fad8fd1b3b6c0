-- Samples: the triggers that judge and charge, the functions people call, and
-- the views that show a hand-over with its corrections.

CREATE TRIGGER zz_handover_derive BEFORE INSERT ON disbursement
	FOR EACH ROW EXECUTE FUNCTION lsce.handover_derive();
CREATE TRIGGER handover_charge AFTER INSERT ON disbursement
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lsce.handover_charge();
CREATE TRIGGER zz_reversal_derive BEFORE INSERT ON disbursement_reversal
	FOR EACH ROW EXECUTE FUNCTION lsce.reversal_derive();
CREATE TRIGGER reversal_apply AFTER INSERT ON disbursement_reversal
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lsce.reversal_apply();
CREATE TRIGGER receipt_check AFTER INSERT ON sample_receipt
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lsce.receipt_check();
CREATE TRIGGER post_entries AFTER INSERT ON inventory_entry
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lsce.post_entries();
CREATE TRIGGER limit_rule_changed AFTER UPDATE ON limit_rule
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lsce.limit_rule_changed();
CREATE TRIGGER t10_recorded BEFORE INSERT ON disbursement_reversal
	FOR EACH ROW EXECUTE FUNCTION lsce.recorded('recorded_by', 'reversed_at');
CREATE TRIGGER t10_recorded BEFORE INSERT ON inventory_operation
	FOR EACH ROW EXECUTE FUNCTION lsce.recorded('recorded_by');
CREATE TRIGGER t10_recorded BEFORE INSERT ON inventory_entry
	FOR EACH ROW EXECUTE FUNCTION lsce.recorded('posted_at');
CREATE TRIGGER t10_guard BEFORE INSERT OR UPDATE ON sample_request
	FOR EACH ROW EXECUTE FUNCTION lsce.request_guard();
CREATE TRIGGER t10_guard BEFORE INSERT ON sample_request_line
	FOR EACH ROW EXECUTE FUNCTION lsce.request_line_guard();
CREATE TRIGGER t20_not_future BEFORE INSERT OR UPDATE OF requested_at ON sample_request
	FOR EACH ROW EXECUTE FUNCTION lsce.not_future('requested_at');
CREATE TRIGGER t20_not_future BEFORE INSERT ON sample_receipt
	FOR EACH ROW EXECUTE FUNCTION lsce.not_future('received_at');
CREATE TRIGGER t20_not_future BEFORE INSERT ON disbursement_reversal
	FOR EACH ROW EXECUTE FUNCTION lsce.not_future('reversed_at');
CREATE TRIGGER t20_not_future BEFORE INSERT ON inventory_operation
	FOR EACH ROW WHEN (NEW.type NOT IN ('disbursement', 'reversal')) EXECUTE FUNCTION lsce.not_future('at');
CREATE TRIGGER t10_guard BEFORE UPDATE ON discrepancy
	FOR EACH ROW EXECUTE FUNCTION lsce.discrepancy_guard();
COMMENT ON TRIGGER t10_recorded ON disbursement_reversal IS 'the server says who reversed, and when';
COMMENT ON TRIGGER t10_recorded ON inventory_operation IS 'the server says who moved stock';
COMMENT ON TRIGGER t10_recorded ON inventory_entry IS 'the server says when stock moved';
COMMENT ON TRIGGER t10_guard ON sample_request IS 'what was signed does not change';
COMMENT ON TRIGGER t10_guard ON sample_request_line IS 'nothing is added to what was signed, and nothing is fulfilled from the start';
COMMENT ON TRIGGER t20_not_future ON sample_request IS 'nobody has asked tomorrow';
COMMENT ON TRIGGER t20_not_future ON sample_receipt IS 'nobody has received tomorrow';
COMMENT ON TRIGGER t20_not_future ON disbursement_reversal IS 'nothing was corrected tomorrow';
COMMENT ON TRIGGER t20_not_future ON inventory_operation IS 'nothing was moved tomorrow; what a hand-over or a correction moved has their time';
COMMENT ON TRIGGER t10_guard ON discrepancy IS 'what a discrepancy is about stays';
COMMENT ON TRIGGER zz_handover_derive ON disbursement IS 'last by name, so that no other trigger changes what it derives';
COMMENT ON TRIGGER handover_charge ON disbursement IS 'every hand-over is judged and charged in the statement that stores it';
COMMENT ON TRIGGER zz_reversal_derive ON disbursement_reversal IS 'where the units of a reversal go follows from its kind';
COMMENT ON TRIGGER reversal_apply ON disbursement_reversal IS 'gives back limits, request quantity and stock';
COMMENT ON TRIGGER receipt_check ON sample_receipt IS 'nobody signs for more than was given';
COMMENT ON TRIGGER post_entries ON inventory_entry IS 'operations balance, stock follows';
COMMENT ON TRIGGER limit_rule_changed ON limit_rule IS 'a changed quota reaches the counters of open windows';

CREATE FUNCTION disburse(visit_id uuid, request_id uuid, product_id uuid, batch_id uuid, qty numeric,
	id uuid DEFAULT NULL, at timestamptz DEFAULT NULL, justification text DEFAULT NULL, on_deny text DEFAULT 'raise',
	delivery_point_id uuid DEFAULT NULL, account_id uuid DEFAULT NULL, kind text DEFAULT 'sample_drop', location_id uuid DEFAULT NULL,
	OUT disbursement_id uuid, OUT decision_id uuid, OUT outcome text, OUT reason_codes text[])
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	given disbursement;
	differing text[];
BEGIN
	IF (on_deny IN ('raise', 'record_refusal')) IS NOT TRUE THEN
		RAISE invalid_parameter_value USING MESSAGE = format('on_deny must be raise or record_refusal, not %L', on_deny);
	END IF;
	IF disburse.qty IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'qty must not be null', HINT = 'Say how many units are handed over.';
	END IF;
	disburse.id := coalesce(disburse.id, lsce.uuid_v7());
	BEGIN
		INSERT INTO disbursement (disbursement_id, kind, account_id, product_id, quantity, visit_id, request_id, batch_id,
				delivery_point_id, location_id, captured_at, justification)
			VALUES (disburse.id, disburse.kind, disburse.account_id, disburse.product_id, disburse.qty, disburse.visit_id,
				disburse.request_id, disburse.batch_id, disburse.delivery_point_id, disburse.location_id,
				coalesce(disburse.at, clock_timestamp()), disburse.justification)
			ON CONFLICT ON CONSTRAINT disbursement_pkey DO NOTHING;
	EXCEPTION WHEN OTHERS THEN
		IF disburse.on_deny = 'raise' OR SQLSTATE NOT LIKE 'LS%' THEN
			RAISE;
		END IF;
		SELECT r.decision_id, r.outcome, r.reason_codes INTO disburse.decision_id, disburse.outcome, disburse.reason_codes
			FROM lsce.store_refusal(@model_literal@::regnamespace, disburse.id) AS r;
		IF disburse.decision_id IS NULL THEN
			RAISE;
		END IF;
		-- a warning that nobody justified is refused for that; the decision says what it was
		IF disburse.outcome = 'warn' THEN
			disburse.outcome := 'deny';
			disburse.reason_codes := 'JUSTIFICATION_REQUIRED'::text || disburse.reason_codes;
		END IF;
		RETURN;
	END;

	-- the row just stored, or the one that this id was stored with before
	SELECT * INTO given FROM disbursement AS d WHERE d.disbursement_id = disburse.id;
	differing := array_remove(ARRAY[
		CASE WHEN given.kind IS DISTINCT FROM disburse.kind THEN 'kind' END,
		CASE WHEN given.product_id IS DISTINCT FROM disburse.product_id THEN 'product_id' END,
		CASE WHEN given.quantity IS DISTINCT FROM disburse.qty THEN 'qty' END,
		CASE WHEN given.visit_id IS DISTINCT FROM disburse.visit_id THEN 'visit_id' END,
		CASE WHEN given.request_id IS DISTINCT FROM disburse.request_id THEN 'request_id' END,
		CASE WHEN given.batch_id IS DISTINCT FROM disburse.batch_id THEN 'batch_id' END,
		CASE WHEN given.account_id <> disburse.account_id THEN 'account_id' END,
		CASE WHEN given.delivery_point_id <> disburse.delivery_point_id THEN 'delivery_point_id' END,
		CASE WHEN given.location_id <> disburse.location_id THEN 'location_id' END,
		CASE WHEN given.captured_at <> disburse.at THEN 'at' END], NULL);
	IF differing <> '{}' THEN
		PERFORM lsce.raise_reason('PAYLOAD_DIFFERS',
			format('hand-over %s already exists with other values: %s', disburse.id, array_to_string(differing, ', ')),
			relation => 'disbursement'::regclass);
	END IF;
	disburse.disbursement_id := given.disbursement_id;
	disburse.decision_id := given.decision_id;
	SELECT d.outcome, d.reason_codes INTO disburse.outcome, disburse.reason_codes
		FROM decision AS d WHERE d.decision_id = given.decision_id;
END
$$;
COMMENT ON FUNCTION disburse(uuid, uuid, uuid, uuid, numeric, uuid, timestamptz, text, text, uuid, uuid, text, uuid) IS 'hand over samples: judged, charged and stored in one go. The same id again returns the same answer and counts nothing; on_deny record_refusal stores a refusal instead of raising it';

CREATE FUNCTION reverse_disbursement(id uuid, kind text, quantity numeric DEFAULT NULL, to_location_id uuid DEFAULT NULL, reason text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	given numeric;
	reversed numeric;
	reversal uuid := lsce.uuid_v7();
BEGIN
	SELECT d.quantity INTO given FROM disbursement AS d WHERE d.disbursement_id = reverse_disbursement.id;
	IF NOT FOUND THEN
		RAISE no_data_found USING MESSAGE = format('hand-over %s does not exist or is not visible', coalesce(reverse_disbursement.id::text, 'NULL'));
	END IF;
	IF reverse_disbursement.quantity IS NULL THEN
		SELECT coalesce(sum(r.quantity), 0) INTO reversed FROM disbursement_reversal AS r WHERE r.disbursement_id = reverse_disbursement.id;
		IF reversed >= given THEN
			PERFORM lsce.raise_reason('REVERSAL_EXCEEDS',
				format('hand-over %s: %s given, %s already reversed; nothing is left', reverse_disbursement.id, given, reversed),
				relation => 'disbursement_reversal'::regclass);
		END IF;
	END IF;
	INSERT INTO disbursement_reversal (reversal_id, disbursement_id, kind, quantity, to_location_id, reason)
		VALUES (reversal, reverse_disbursement.id, reverse_disbursement.kind, coalesce(reverse_disbursement.quantity, given - reversed),
			reverse_disbursement.to_location_id, reverse_disbursement.reason);
	RETURN reversal;
END
$$;
COMMENT ON FUNCTION reverse_disbursement(uuid, text, numeric, uuid, text) IS 'correct a hand-over (entry_error, refused, returned, not_received), in part or, without a quantity, all that is left; returns the reversal''s id';

CREATE FUNCTION sample_headroom(account_id uuid, product_id uuid, at date DEFAULT NULL, user_id uuid DEFAULT NULL)
RETURNS TABLE (rule_id uuid, template text, window_from date, window_to date, quota numeric, used numeric, remaining numeric, per_visit numeric, frees_on date)
LANGUAGE sql STABLE ROWS 3
BEGIN ATOMIC
	SELECT h.rule_id, h.template, h.window_from, h.window_to, h.quota, h.used, h.remaining, h.per_visit, h.frees_on
	FROM lsce.sample_headroom(@model_literal@::regnamespace, $1, $2, $3, $4) AS h;
END;
COMMENT ON FUNCTION sample_headroom(uuid, uuid, date, uuid) IS 'what each applicable limit leaves of a product for an account on a day (default: today at its place). window_to is the first day after; remaining 0 also outside a rule''s window; frees_on: when more becomes free. For the acting user or the one named, whose own, territory''s and company''s limits are among them. Errors: UNKNOWN_ACCOUNT, also for one that is not visible, UNKNOWN_PRODUCT, UNKNOWN_USER, 22004 without a user, an account or a product, 22023 for an infinite day';

CREATE FUNCTION sign_request(account_id uuid, visit_id uuid, kind text, lines jsonb, signature jsonb, ship_to_id uuid DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	request uuid := lsce.uuid_v7();
	new_signature uuid := lsce.uuid_v7();
	signer uuid := coalesce((sign_request.signature ->> 'signer_account_id')::uuid, sign_request.account_id);
	signed timestamptz := coalesce((sign_request.signature ->> 'signed_at')::timestamptz, clock_timestamp());
	payload jsonb;
BEGIN
	IF jsonb_typeof(sign_request.lines) IS DISTINCT FROM 'array' OR jsonb_array_length(sign_request.lines) = 0 THEN
		RAISE invalid_parameter_value USING MESSAGE = 'lines must be a JSON array of at least one {"product_id", "quantity"}';
	END IF;
	payload := jsonb_build_object('request_id', request, 'kind', sign_request.kind, 'account_id', sign_request.account_id,
		'practitioner_id', signer, 'visit_id', sign_request.visit_id, 'ship_to_id', sign_request.ship_to_id,
		'lines', sign_request.lines, 'fields', coalesce(sign_request.signature -> 'fields', '{}'), 'signed_at', signed);
	INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, paper_form_no,
			image_sha256, payload_sha256, signed_at, expires_at)
		VALUES (new_signature, 'sample_request', signer, sign_request.signature ->> 'printed_name',
			coalesce(sign_request.signature ->> 'meaning', 'I request these samples'),
			coalesce(sign_request.signature ->> 'method', 'pad'), sign_request.signature ->> 'paper_form_no',
			decode(sign_request.signature ->> 'image_sha256', 'hex'), sha256(convert_to(payload::text, 'UTF8')),
			signed, (sign_request.signature ->> 'expires_at')::timestamptz);
	INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, visit_id, signature_id, license_id, ship_to_id,
			fields, requested_at, deliver_until, status)
		VALUES (request, sign_request.kind, sign_request.account_id, signer, sign_request.visit_id, new_signature,
			(sign_request.signature ->> 'license_id')::uuid, sign_request.ship_to_id,
			coalesce(sign_request.signature -> 'fields', '{}'), signed,
			(sign_request.signature ->> 'deliver_until')::date, 'signed');
	INSERT INTO sample_request_line (request_id, product_id, requested)
		SELECT request, (line ->> 'product_id')::uuid, (line ->> 'quantity')::numeric
		FROM jsonb_array_elements(sign_request.lines) AS line;
	RETURN request;
END
$$;
COMMENT ON FUNCTION sign_request(uuid, uuid, text, jsonb, jsonb, uuid) IS 'store a written request for samples with the practitioner''s signature over it; lines [{"product_id", "quantity"}], signature {"signer_account_id", "printed_name", "meaning", "method", "signed_at", "image_sha256", "paper_form_no", "license_id", "fields", "deliver_until"}; returns the request''s id';

CREATE FUNCTION virtual_location(kind text) RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	place uuid;
BEGIN
	SELECT l.location_id INTO place FROM inventory_location AS l WHERE l.kind = virtual_location.kind AND l.company_id IS NULL;
	IF NOT FOUND THEN
		INSERT INTO inventory_location (kind, name) VALUES (virtual_location.kind, virtual_location.kind) ON CONFLICT DO NOTHING;
		SELECT l.location_id INTO place FROM inventory_location AS l WHERE l.kind = virtual_location.kind AND l.company_id IS NULL;
	END IF;
	RETURN place;
END
$$;
COMMENT ON FUNCTION virtual_location(text) IS 'the place of this kind that belongs to no company, made on first use';

CREATE FUNCTION post_operation(type text, lines jsonb, from_location_id uuid DEFAULT NULL, to_location_id uuid DEFAULT NULL,
	reason text DEFAULT NULL, id uuid DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	source uuid := from_location_id;
	target uuid := to_location_id;
	posted inventory_operation;
BEGIN
	IF jsonb_typeof(post_operation.lines) IS DISTINCT FROM 'array' OR jsonb_array_length(post_operation.lines) = 0 THEN
		RAISE invalid_parameter_value USING MESSAGE = 'lines must be a JSON array of at least one {"batch_id", "quantity"}';
	END IF;
	IF post_operation.type IN ('disbursement', 'reversal') THEN
		RAISE invalid_parameter_value USING MESSAGE = format('operations of type %s are posted by the fact itself', post_operation.type);
	END IF;
	IF EXISTS (SELECT FROM jsonb_array_elements(post_operation.lines) AS line
			WHERE ((line ->> 'quantity')::numeric > 0 AND (line ->> 'quantity')::numeric = trunc((line ->> 'quantity')::numeric)) IS NOT TRUE) THEN
		RAISE invalid_parameter_value USING MESSAGE = 'every line needs a quantity above 0, in whole units',
			HINT = 'The direction follows from from_location_id and to_location_id.';
	END IF;
	CASE post_operation.type
		WHEN 'receipt' THEN source := coalesce(source, virtual_location('vendor'));
		WHEN 'loss', 'theft' THEN target := coalesce(target, virtual_location('lost'));
		WHEN 'destruction' THEN target := coalesce(target, virtual_location('destroyed'));
		WHEN 'recall' THEN target := coalesce(target, virtual_location('quarantine'));
		WHEN 'adjustment' THEN
			IF source IS NULL THEN
				source := virtual_location('adjustment');
			ELSE
				target := coalesce(target, virtual_location('adjustment'));
			END IF;
		ELSE NULL;
	END CASE;
	IF source IS NULL OR target IS NULL OR source = target THEN
		RAISE invalid_parameter_value USING MESSAGE = format('an operation of type %s needs two places', post_operation.type);
	END IF;

	post_operation.id := coalesce(post_operation.id, lsce.uuid_v7());
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, reason, user_id)
		VALUES (post_operation.id, post_operation.type, source, target, post_operation.reason, lsce.acting_user(@model_literal@::regnamespace))
		ON CONFLICT ON CONSTRAINT inventory_operation_pkey DO NOTHING;
	IF FOUND THEN
		INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
			SELECT post_operation.id, leg.location_id, moved.batch_id, leg.sign * moved.quantity
			FROM (SELECT (line ->> 'batch_id')::uuid AS batch_id, sum((line ->> 'quantity')::numeric) AS quantity
				FROM jsonb_array_elements(post_operation.lines) AS line GROUP BY 1) AS moved
			CROSS JOIN (VALUES (source, -1), (target, 1)) AS leg (location_id, sign);
		RETURN post_operation.id;
	END IF;

	SELECT * INTO posted FROM inventory_operation AS o WHERE o.operation_id = post_operation.id;
	IF (posted.type, posted.from_location_id, posted.to_location_id) IS DISTINCT FROM (post_operation.type, source, target)
		OR EXISTS (
			SELECT FROM (SELECT e.batch_id, e.quantity FROM inventory_entry AS e
					WHERE e.operation_id = post_operation.id AND e.location_id = target) AS e
			FULL JOIN (SELECT (line ->> 'batch_id')::uuid AS batch_id, sum((line ->> 'quantity')::numeric) AS quantity
				FROM jsonb_array_elements(post_operation.lines) AS line GROUP BY 1) AS l USING (batch_id)
			WHERE e.quantity IS DISTINCT FROM l.quantity) THEN
		PERFORM lsce.raise_reason('PAYLOAD_DIFFERS', format('operation %s already exists with other values', post_operation.id),
			relation => 'inventory_operation'::regclass);
	END IF;
	RETURN post_operation.id;
END
$$;
COMMENT ON FUNCTION post_operation(text, jsonb, uuid, uuid, text, uuid) IS 'move stock: lines [{"batch_id", "quantity"}] from one place to another; a receipt comes from the vendor, loss, theft, destruction, recall and adjustment have their place when none is named. The same id again counts nothing';

CREATE VIEW v_disbursement WITH (security_invoker = true) AS
SELECT d.*, coalesce(r.reversed, 0) AS reversed, d.quantity - coalesce(r.reversed, 0) AS net_quantity,
	CASE WHEN r.reversed IS NULL THEN 'given' WHEN r.reversed < d.quantity THEN 'partly_reversed' ELSE 'reversed' END AS status
FROM disbursement AS d
LEFT JOIN LATERAL (SELECT sum(x.quantity) AS reversed FROM disbursement_reversal AS x WHERE x.disbursement_id = d.disbursement_id) AS r ON true;
COMMENT ON VIEW v_disbursement IS 'hand-overs with what was reversed of them; status given, partly_reversed, reversed';
DO $comments$
DECLARE
	col record;
BEGIN
	FOR col IN
		SELECT v.attname, col_description(d.attrelid, d.attnum) AS meaning
		FROM pg_attribute AS v JOIN pg_attribute AS d ON d.attname = v.attname AND d.attnum > 0 AND NOT d.attisdropped
		WHERE v.attrelid = to_regclass('v_disbursement') AND d.attrelid = to_regclass('disbursement') AND v.attnum > 0
		ORDER BY v.attnum
	LOOP
		EXECUTE format('COMMENT ON COLUMN v_disbursement.%I IS %L', col.attname, col.meaning);
	END LOOP;
END
$comments$;
COMMENT ON COLUMN v_disbursement.reversed IS 'units of all its reversals; 0: none';
COMMENT ON COLUMN v_disbursement.net_quantity IS 'units that stand: quantity less reversed';
COMMENT ON COLUMN v_disbursement.status IS 'given: nothing reversed; partly_reversed; reversed: nothing stands';

CREATE VIEW v_request_fulfilment WITH (security_invoker = true) AS
SELECT r.request_id, r.kind, r.account_id, r.practitioner_id, r.requested_at, r.status AS request_status,
	l.product_id, l.requested, l.fulfilled, greatest(l.requested - l.fulfilled, 0) AS outstanding,
	CASE WHEN l.fulfilled = 0 THEN 'open' WHEN l.fulfilled < l.requested THEN 'partly_fulfilled' ELSE 'fulfilled' END AS status
FROM sample_request AS r JOIN sample_request_line AS l ON l.request_id = r.request_id;
COMMENT ON VIEW v_request_fulfilment IS 'what was requested and given, line by line; status open, partly_fulfilled, fulfilled';
COMMENT ON COLUMN v_request_fulfilment.request_id IS 'request the line belongs to';
COMMENT ON COLUMN v_request_fulfilment.kind IS 'drop: handed over by a representative; ship: by carrier';
COMMENT ON COLUMN v_request_fulfilment.account_id IS 'who is to receive';
COMMENT ON COLUMN v_request_fulfilment.practitioner_id IS 'prescriber who asked and signed';
COMMENT ON COLUMN v_request_fulfilment.requested_at IS 'date of the form';
COMMENT ON COLUMN v_request_fulfilment.request_status IS 'state of the paper: sample_request.status';
COMMENT ON COLUMN v_request_fulfilment.product_id IS 'presentation that was asked for';
COMMENT ON COLUMN v_request_fulfilment.requested IS 'units asked for';
COMMENT ON COLUMN v_request_fulfilment.fulfilled IS 'units given so far, net of reversals';
COMMENT ON COLUMN v_request_fulfilment.outstanding IS 'units that may still be given; never below 0';
COMMENT ON COLUMN v_request_fulfilment.status IS 'open: nothing given; partly_fulfilled; fulfilled: as much as was requested, or more';
