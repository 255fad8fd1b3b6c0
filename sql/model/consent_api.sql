-- Consent: triggers and functions.

CREATE TRIGGER t10_check BEFORE INSERT ON consent_event
	FOR EACH ROW EXECUTE FUNCTION lsce.consent_event_check();
COMMENT ON TRIGGER t10_check ON consent_event IS 'checks and completes a new event, whoever inserts it';

CREATE TRIGGER t80_changed AFTER INSERT ON consent_event
	FOR EACH ROW EXECUTE FUNCTION lsce.consent_event_changed();
COMMENT ON TRIGGER t80_changed ON consent_event IS 'tells other systems: consent.changed in the outbox';

CREATE TRIGGER t20_assign BEFORE INSERT ON outbound_message
	FOR EACH ROW EXECUTE FUNCTION lsce.message_assign();
COMMENT ON TRIGGER t20_assign ON outbound_message IS 'gives a new message its decision';

CREATE TRIGGER t30_permit AFTER INSERT ON outbound_message
	REFERENCING NEW TABLE AS queued
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.message_permit();
COMMENT ON TRIGGER t30_permit ON outbound_message IS 'the permit to queue';

CREATE TRIGGER t20_change BEFORE UPDATE ON outbound_message
	FOR EACH ROW EXECUTE FUNCTION lsce.message_change();
COMMENT ON TRIGGER t20_change ON outbound_message IS 'refuses changes of what a message is and states out of order';

CREATE TRIGGER t30_send_permit AFTER UPDATE ON outbound_message
	FOR EACH ROW WHEN (OLD.state = 'queued' AND NEW.state = 'sent')
	EXECUTE FUNCTION lsce.message_send_permit();
COMMENT ON TRIGGER t30_send_permit ON outbound_message IS 'the permit to send: consent may have changed while the message waited';

CREATE FUNCTION consent_status(account_id uuid, for_purpose text DEFAULT NULL, on_channel text DEFAULT NULL,
	at timestamptz DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (purpose text, channel text, product_id uuid, contact_point_id uuid, controller_id uuid,
	state text, reason_code text, until timestamptz, because jsonb)
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 10
BEGIN ATOMIC
	SELECT s.purpose, s.channel, s.product_id, s.contact_point_id, s.controller_id,
		s.state, s.reason_code, s.until, s.because
	FROM lsce.consent_status(@model_literal@::regnamespace, $1, $2, $3, $4, $5,
		lsce.my_company(@model_literal@::regnamespace)) AS s;
END;
COMMENT ON FUNCTION consent_status(uuid, text, text, timestamptz, timestamptz) IS 'state of every scope of consent the account has on record (its merged records included), and why: the event that decides, what it beats, until when it holds. A purpose that is asked for is answered even without a record. Rows of other companies only for those who may read them';

CREATE FUNCTION can_contact(account_id uuid, channel text, purpose text, at timestamptz DEFAULT NULL,
	contact_point_id uuid DEFAULT NULL, product_id uuid DEFAULT NULL, controller_id uuid DEFAULT NULL)
RETURNS TABLE (outcome text, reason_code text, earliest timestamptz, obligations jsonb, because jsonb)
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1
BEGIN ATOMIC
	SELECT c.outcome, c.reason_code, c.earliest, c.obligations, c.because
	FROM lsce.can_contact(@model_literal@::regnamespace, $1, $2, $3, $4, $5, $6,
		coalesce($7, lsce.my_company(@model_literal@::regnamespace))) AS c;
END;
COMMENT ON FUNCTION can_contact(uuid, text, text, timestamptz, uuid, uuid, uuid) IS 'whether the account may be contacted by the channel for the purpose (channel NULL: a purpose without one), by default now, in the name of the acting user''s company; without a contact point the best one for the channel is taken';

CREATE FUNCTION record_consent(account_id uuid, purpose text, channel text, action text, captured_at timestamptz,
	contact_point_id uuid DEFAULT NULL, proof jsonb DEFAULT '{}', id uuid DEFAULT NULL, controller_id uuid DEFAULT NULL,
	product_id uuid DEFAULT NULL, basis text DEFAULT 'consent', valid_until timestamptz DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $record_consent$
DECLARE
	controller uuid := coalesce(record_consent.controller_id, lsce.my_company(@model_literal@::regnamespace));
	event uuid := coalesce(record_consent.id, lsce.uuid_v7());
	stored_action text := record_consent.action;
	stored consent_event;
BEGIN
	IF controller IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'no company is named to which consent is given',
			HINT = 'Act as a user of the application, or name controller_id.';
	END IF;
	IF stored_action NOT IN ('opt_in', 'withdraw', 'object') THEN
		RAISE invalid_parameter_value USING
			MESSAGE = format('consent cannot be recorded with action "%s"', stored_action),
			HINT = 'Actions are opt_in, withdraw and object; a pending opt-in is confirmed with confirm_consent().';
	END IF;
	SELECT e.* INTO stored FROM consent_event AS e WHERE e.event_id = event;
	IF NOT FOUND THEN
		IF stored_action = 'opt_in' AND record_consent.basis IN ('consent', 'prior_express_written')
			AND lsce.consent_needs_confirmation(@model_literal@::regnamespace, record_consent.account_id, record_consent.purpose,
				record_consent.channel, record_consent.contact_point_id, controller, proof ->> 'method', record_consent.captured_at)
		THEN
			stored_action := 'pending';
		END IF;

		INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, product_id, contact_point_id,
			action, basis, evidence, signature_id, visit_id, captured_at, effective_from, effective_to)
		VALUES (event, record_consent.account_id, controller, record_consent.purpose, record_consent.channel,
			record_consent.product_id, record_consent.contact_point_id, stored_action, record_consent.basis,
			-- without a pending event there is nothing to confirm
			CASE WHEN stored_action = 'pending' THEN proof ELSE proof - 'token' END,
			(proof ->> 'signature_id')::uuid, (proof ->> 'visit_id')::uuid,
			record_consent.captured_at, record_consent.captured_at,
			coalesce(record_consent.valid_until, '9999-12-31 00:00+00'))
		ON CONFLICT ON CONSTRAINT consent_event_pkey DO NOTHING;
		IF FOUND THEN
			RETURN event;
		END IF;
		-- another session was first
		SELECT e.* INTO stored FROM consent_event AS e WHERE e.event_id = event;
	END IF;
	IF (stored.account_id, stored.controller_id, stored.purpose, stored.channel, stored.product_id, stored.contact_point_id,
			stored.basis, stored.captured_at, stored.effective_to, stored.evidence,
			CASE stored.action WHEN 'pending' THEN 'opt_in' ELSE stored.action END)
		IS DISTINCT FROM
		(record_consent.account_id, controller, record_consent.purpose, record_consent.channel, record_consent.product_id,
			record_consent.contact_point_id, record_consent.basis, record_consent.captured_at,
			coalesce(record_consent.valid_until, '9999-12-31 00:00+00'), proof - 'token', record_consent.action)
	THEN
		PERFORM lsce.raise_reason('PAYLOAD_DIFFERS', format('consent event %s is stored with another content', event),
			relation => 'consent_event'::regclass, constraint_name => 'consent_event_pkey');
	END IF;
	RETURN event;
END
$record_consent$;
COMMENT ON FUNCTION record_consent(uuid, text, text, text, timestamptz, uuid, jsonb, uuid, uuid, uuid, text, timestamptz) IS 'records opt_in, withdraw or object; the same id again with the same content changes nothing. proof is the evidence: text_version, method, captured_by, signature_id, visit_id, … Where the law wants a double opt-in the event becomes pending; the token that goes to the person is made by the server and comes out of outbox_read() only';

CREATE FUNCTION confirm_consent(token text, at timestamptz DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $confirm_consent$
DECLARE
	pending consent_event;
	confirmed uuid;
	denied text;
	moment timestamptz := coalesce(confirm_consent.at, clock_timestamp());
BEGIN
	SELECT e.* INTO pending FROM consent_event AS e WHERE e.token_sha256 = sha256(convert_to(confirm_consent.token, 'UTF8'));
	IF NOT FOUND THEN
		PERFORM lsce.raise_reason('CONSENT_UNCONFIRMED', 'no pending consent has this token',
			relation => 'consent_event'::regclass);
	END IF;
	INSERT INTO consent_event (account_id, controller_id, purpose, action, related_event_id, evidence, captured_at, effective_from)
	VALUES (pending.account_id, pending.controller_id, pending.purpose, 'confirm', pending.event_id,
		jsonb_build_object('method', 'confirmation_link', 'token', confirm_consent.token), moment, moment)
	RETURNING event_id INTO confirmed;

	SELECT c.reason_code INTO denied
	FROM lsce.can_contact(@model_literal@::regnamespace, pending.account_id, pending.channel, pending.purpose, moment,
		coalesce(pending.contact_point_id, '00000000-0000-0000-0000-000000000000'), pending.product_id, pending.controller_id) AS c;
	IF denied IN ('CONSENT_WITHDRAWN', 'OBJECTION') THEN
		PERFORM lsce.raise_reason(denied, 'the person has said no since this consent was asked for',
			relation => 'consent_event'::regclass);
	END IF;
	RETURN confirmed;
END
$confirm_consent$;
COMMENT ON FUNCTION confirm_consent(text, timestamptz) IS 'the second step of a double opt-in: the person has sent back the token. Works once, until the token expires, and not after a withdrawal or objection; returns the id of the confirmation';

CREATE FUNCTION queue_message(account_id uuid, channel text, purpose text DEFAULT 'marketing',
	contact_point_id uuid DEFAULT NULL, product_id uuid DEFAULT NULL, id uuid DEFAULT NULL, controller_id uuid DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $queue_message$
DECLARE
	controller uuid := coalesce(queue_message.controller_id, lsce.my_company(@model_literal@::regnamespace));
	message uuid := coalesce(queue_message.id, lsce.uuid_v7());
	product uuid := coalesce(queue_message.product_id, '00000000-0000-0000-0000-000000000000');
	point uuid := queue_message.contact_point_id;
	stored outbound_message;
BEGIN
	IF point IS NULL THEN
		SELECT (c.because ->> 'contact_point_id')::uuid INTO point
		FROM lsce.can_contact(@model_literal@::regnamespace, queue_message.account_id, queue_message.channel, queue_message.purpose,
			NULL, NULL, queue_message.product_id, controller) AS c;
		IF point IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = format('the account has no contact point for channel "%s"', queue_message.channel);
		END IF;
	END IF;
	INSERT INTO outbound_message (message_id, account_id, product_id, controller_id, purpose, channel, contact_point_id)
	VALUES (message, queue_message.account_id, product, controller, queue_message.purpose, queue_message.channel, point)
	ON CONFLICT ON CONSTRAINT outbound_message_pkey DO NOTHING;
	IF NOT FOUND THEN
		SELECT m.* INTO stored FROM outbound_message AS m WHERE m.message_id = message;
		IF (stored.account_id, stored.product_id, stored.controller_id, stored.purpose, stored.channel)
			IS DISTINCT FROM (queue_message.account_id, product, controller, queue_message.purpose, queue_message.channel)
			OR (queue_message.contact_point_id IS NOT NULL AND stored.contact_point_id IS DISTINCT FROM queue_message.contact_point_id)
		THEN
			PERFORM lsce.raise_reason('PAYLOAD_DIFFERS', format('message %s is stored with another content', message),
				relation => 'outbound_message'::regclass, constraint_name => 'outbound_message_pkey');
		END IF;
	END IF;
	RETURN message;
END
$queue_message$;
COMMENT ON FUNCTION queue_message(uuid, text, text, uuid, uuid, uuid, uuid) IS 'queues a message if the rules permit it; without a contact point the best one for the channel is taken. The same id again with the same content changes nothing';

CREATE FUNCTION send_message(message_id uuid)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $send_message$
DECLARE
	permit uuid;
BEGIN
	UPDATE outbound_message AS m SET state = 'sent'
	WHERE m.message_id = send_message.message_id AND m.state = 'queued'
	RETURNING m.send_decision_id INTO permit;
	IF permit IS NULL THEN
		-- sent before: the same answer again
		SELECT m.send_decision_id INTO permit FROM outbound_message AS m WHERE m.message_id = send_message.message_id;
	END IF;
	IF permit IS NULL THEN
		RAISE invalid_parameter_value USING MESSAGE = format('there is no queued message %s', send_message.message_id);
	END IF;
	RETURN permit;
END
$send_message$;
COMMENT ON FUNCTION send_message(uuid) IS 'marks a queued message as sent if the rules still permit it; returns the second permit. To be called right before the message goes out';
