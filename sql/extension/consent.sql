-- Consent: questions about it, the triggers that check every new event and those
-- that permit messages.
-- Models call these through wrappers of their own (sql/model/consent_api.sql).

CREATE FUNCTION lsce.consent_status(model regnamespace, account_id uuid, for_purpose text, on_channel text,
	at timestamptz, known_at timestamptz, company_id uuid)
RETURNS TABLE (purpose text, channel text, product_id uuid, contact_point_id uuid, controller_id uuid,
	state text, reason_code text, until timestamptz, because jsonb)
LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 10 COST 1000
AS 'MODULE_PATHNAME', 'lsce_consent_status';
COMMENT ON FUNCTION lsce.consent_status(regnamespace, uuid, text, text, timestamptz, timestamptz, uuid) IS 'state of every scope of consent an account has on record, resolved over all events that cover it, with the event that decides and what it beats';

CREATE FUNCTION lsce.can_contact(model regnamespace, account_id uuid, channel text, purpose text, at timestamptz,
	contact_point_id uuid, product_id uuid, controller_id uuid,
	OUT outcome text, OUT reason_code text, OUT earliest timestamptz, OUT obligations jsonb, OUT because jsonb)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000
AS 'MODULE_PATHNAME', 'lsce_can_contact';
COMMENT ON FUNCTION lsce.can_contact(regnamespace, uuid, text, text, timestamptz, uuid, uuid, uuid) IS 'whether an account may be contacted: allow or deny, the primary reason, the earliest allowed moment, obligations and the events behind it';

CREATE FUNCTION lsce.consent_needs_confirmation(model regnamespace, account_id uuid, purpose text, channel text,
	contact_point_id uuid, controller_id uuid, method text, at timestamptz)
RETURNS boolean
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000
AS 'MODULE_PATHNAME', 'lsce_consent_needs_confirmation';
COMMENT ON FUNCTION lsce.consent_needs_confirmation(regnamespace, uuid, text, text, uuid, uuid, text, timestamptz) IS 'whether the law of the recipient''s country wants an opt-in by this method to be confirmed (double opt-in)';

CREATE FUNCTION lsce.consent_event_check() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_consent_event_check';
COMMENT ON FUNCTION lsce.consent_event_check() IS 'BEFORE INSERT on consent_event: times, scope, contact point, token; a confirmation takes its scope from what it confirms';

CREATE FUNCTION lsce.consent_event_changed() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_consent_event_changed';
COMMENT ON FUNCTION lsce.consent_event_changed() IS 'AFTER INSERT on consent_event: puts consent.changed into the outbox';

CREATE FUNCTION lsce.message_assign() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_message_assign';
COMMENT ON FUNCTION lsce.message_assign() IS 'BEFORE INSERT on outbound_message: a message begins queued, now, with a decision id of its own';

CREATE FUNCTION lsce.message_permit() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_message_permit';
COMMENT ON FUNCTION lsce.message_permit() IS 'AFTER INSERT on outbound_message, once a statement: judges each new message and stores its permit, or raises why not';

CREATE FUNCTION lsce.message_change() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_message_change';
COMMENT ON FUNCTION lsce.message_change() IS 'BEFORE UPDATE on outbound_message: only the state changes, and only in its order';

CREATE FUNCTION lsce.message_send_permit() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_message_send_permit';
COMMENT ON FUNCTION lsce.message_send_permit() IS 'AFTER UPDATE on outbound_message from queued to sent: judges the message again and stores the second permit, or raises why not';
