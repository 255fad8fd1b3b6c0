--
-- Recording consent: functions, plain INSERTs, double opt-in, status.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/consent_fixture.sql
\set model consent_record
\i :fixture
\set acme '''c0000000-0000-0000-0000-000000000001'''
CALL pg_temp.add_account('A', 'DE');
CALL pg_temp.add_account('B', 'US');
CREATE FUNCTION pg_temp.status(code text, at timestamptz, for_purpose text DEFAULT NULL, on_channel text DEFAULT NULL, known_at timestamptz DEFAULT NULL,
	OUT purpose text, OUT channel text, OUT product text, OUT company text, OUT state text, OUT reason_code text, OUT until timestamptz, OUT decided_by text)
RETURNS SETOF record LANGUAGE sql AS $$
	SELECT s.purpose, s.channel, p.code, c.code, s.state, s.reason_code, s.until, s.because #>> '{decided_by,action}'
	FROM consent_status(pg_temp.id(status.code), status.for_purpose, status.on_channel, status.at, status.known_at) AS s
	JOIN company AS c ON c.company_id = s.controller_id LEFT JOIN product AS p ON p.product_id = s.product_id
	ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, 4;
$$;

-- recorded once, whatever the number of times it is sent
\set proof '''{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}'''
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15 10:00Z', NULL, :proof, pg_temp.id('e1')) = pg_temp.id('e1') AS recorded;
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15 10:00Z', NULL, :proof, pg_temp.id('e1')) = pg_temp.id('e1') AS again;
SELECT count(*) FROM consent_event;
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'sms', 'opt_in', '2026-01-15 10:00Z', NULL, '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}', pg_temp.id('e1'))$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15 10:00Z', NULL, '{}', pg_temp.id('e1'))$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'withdraw', '2026-01-15 10:00Z', NULL, '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}', pg_temp.id('e1'))$$);
SELECT purpose, channel, action, basis, evidence, captured_at, effective_from, effective_to, recorded_at > captured_at AS later,
	controller_id = :acme AS own_company FROM consent_event;
SELECT topic, entity_id = pg_temp.id('e1') AS of_event, payload ->> 'action' AS action, payload ->> 'channel' AS channel FROM outbox;

-- what is not a consent
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'confirm', '2026-01-15')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'maybe', '2026-01-15')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'gossip', 'email', 'opt_in', '2026-01-15')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'pigeon', 'object', '2026-01-15')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('nobody'), 'marketing', 'email', 'object', '2026-01-15')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', basis => 'goodwill')$$);
SET lsce.login = '';
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15')$$);
SET lsce.login = 'R7';
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'sample_receipt', 'email', 'opt_in', '2026-01-15', proof => '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', pg_temp.id('A:phone'), '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', pg_temp.id('B:mail'), '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', proof => '{"event": "purchase", "event_date": "last week"}', basis => 'implied_existing_business')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', proof => '{"event": "purchase", "event_date": "2026-02-30"}', basis => 'implied_existing_business')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-01-15', proof => '[]')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', 'infinity', proof => '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}')$$);
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'object', '9000-01-01')$$);
-- a clock may be a little ahead
SELECT record_consent(pg_temp.id('B'), 'newsletter', 'email', 'object', now() + interval '4 minutes') IS NOT NULL AS recorded;
DO $$ BEGIN
	PERFORM record_consent(pg_temp.id('B'), 'newsletter', 'email', 'object', clock_timestamp() + interval '6 minutes');
	RAISE EXCEPTION 'not refused';
EXCEPTION WHEN SQLSTATE 'LS512' THEN RAISE NOTICE 'refused: a clock six minutes ahead';
END $$;

-- a plain INSERT passes the same check; what the server knows better is overwritten
SELECT * FROM pg_temp.refused($$INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, action, evidence, captured_at, effective_from)
VALUES (pg_temp.id('e2'), pg_temp.id('A'), 'c0000000-0000-0000-0000-000000000001', 'marketing', 'sms', 'opt_in', '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}', '2026-02-01', '2025-01-01')$$);
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, action, evidence, captured_at, recorded_at, recorded_by)
VALUES (pg_temp.id('e2'), pg_temp.id('A'), :acme, 'marketing', 'sms', 'opt_in', :proof, '2026-02-01', '2026-02-01', 'mallory');
SELECT effective_from, recorded_at > '2026-06-01' AS recorded_now, recorded_by = current_user AS by_me FROM consent_event WHERE event_id = pg_temp.id('e2');
SELECT * FROM pg_temp.refused($$UPDATE consent_event SET action = 'object' WHERE event_id = pg_temp.id('e2')$$);
SELECT * FROM pg_temp.refused($$DELETE FROM consent_event WHERE event_id = pg_temp.id('e2')$$);
-- an objection may reach back
INSERT INTO consent_event (account_id, controller_id, purpose, channel, action, captured_at, effective_from)
VALUES (pg_temp.id('A'), :acme, 'marketing', 'phone', 'object', '2026-02-01', '2026-01-01');

-- status: each scope on record, and one that is asked for
SELECT * FROM pg_temp.status('A', '2026-03-02');
SELECT * FROM pg_temp.status('A', '2026-03-02', 'market_research', 'email');
SELECT * FROM pg_temp.status('A', '2026-03-02', 'sample_receipt');
SELECT * FROM pg_temp.status('A', '2026-03-02', on_channel => 'sms');
SELECT * FROM pg_temp.status('A', '2026-01-10');

-- known then: what was recorded later is left out
SELECT clock_timestamp() AS before_withdrawal \gset
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'withdraw', '2026-02-20') IS NOT NULL AS recorded;
SELECT * FROM pg_temp.status('A', '2026-03-02', 'marketing', 'email');
SELECT * FROM pg_temp.status('A', '2026-03-02', 'marketing', 'email', :'before_withdrawal');
SELECT * FROM pg_temp.status('A', '2026-02-19', 'marketing', 'email');

-- why: what decides and what it beats
SELECT because -> 'reasons' AS reasons, because #>> '{decided_by,action}' AS decided_by, because #>> '{beats_opt_in,channel}' AS beats,
	because #>> '{beats_opt_in,event_id}' = pg_temp.id('e1')::text AS is_e1, because #> '{regime,country}' AS country, because #> '{regime,default}' AS regime
FROM consent_status(pg_temp.id('A'), 'marketing', 'email', '2026-03-02');

-- stated validity; the last instant counts, the next does not
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-03-03', pg_temp.id('A:mail'), :proof, valid_until => '2026-06-01') IS NOT NULL AS recorded;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-05-31 23:59:59.999999Z');
SELECT outcome, reason_code, because -> 'reasons' AS reasons FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-06-01', contact_point_id => pg_temp.id('A:mail'));
CALL pg_temp.add_account('F', 'AT');
SELECT record_consent(pg_temp.id('F'), 'marketing', 'email', 'opt_in', '2026-03-03', proof => :proof, valid_until => '2026-06-01') IS NOT NULL AS recorded;
SELECT outcome FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2026-05-31 23:59:59.999999Z');
SELECT outcome, reason_code, because ->> 'expiry_rule' AS rule FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2026-06-01');
SELECT * FROM pg_temp.status('F', '2026-06-01');
-- the other mailbox is another contact point; without one the best is taken
SELECT outcome, reason_code FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-04-01', contact_point_id => pg_temp.id('A:mail2'));
SELECT outcome, because ->> 'contact_point_id' = pg_temp.id('A:mail')::text AS the_first FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-04-01');

-- consent to another company
SELECT record_consent(pg_temp.id('B'), 'medical_information', 'email', 'opt_in', '2026-01-01', proof => :proof, controller_id => 'c0000000-0000-0000-0000-000000000002') IS NOT NULL AS recorded;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('B'), 'email', 'medical_information', '2026-03-02');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('B'), 'email', 'medical_information', '2026-03-02', controller_id => 'c0000000-0000-0000-0000-000000000002');
-- the consent to a purpose covers those under it
SELECT outcome, reason_code FROM can_contact(pg_temp.id('B'), 'email', 'event_invitation', '2026-03-02');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('B'), 'email', 'newsletter', now() + interval '1 hour');
-- an account that is not to be contacted
UPDATE hcp SET no_contact = true WHERE account_id = pg_temp.id('B');
SELECT outcome, reason_code, because -> 'reasons' AS reasons FROM can_contact(pg_temp.id('B'), 'email', 'event_invitation', '2026-03-02');

-- questions that are none
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('nobody'), 'email', 'marketing', '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'pigeon', 'marketing', '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'email', 'gossip', '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'email', NULL, '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM consent_status(pg_temp.id('A'), 'gossip')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM consent_status(pg_temp.id('A'), 'marketing', 'pigeon')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(NULL, 'email', 'marketing', '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'email', 'marketing', 'infinity')$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-03-02', controller_id => pg_temp.id('nobody'))$$);
SELECT * FROM pg_temp.refused($$SELECT * FROM can_contact(pg_temp.id('A'), 'email', 'marketing', '2026-03-02', product_id => pg_temp.id('nothing'))$$);

-- records that were merged count together
CALL pg_temp.add_account('C', 'AT');
CALL pg_temp.add_account('C2', 'AT');
SELECT record_consent(pg_temp.id('C2'), 'marketing', 'email', 'opt_in', '2026-01-01', proof => :proof) IS NOT NULL AS recorded;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('C'), 'email', 'marketing', '2026-03-02');
UPDATE account SET status = 'merged', survivor_id = pg_temp.id('C') WHERE account_id = pg_temp.id('C2');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('C'), 'email', 'marketing', '2026-03-02');
SELECT record_consent(pg_temp.id('C'), 'marketing', NULL, 'object', '2026-02-01') IS NOT NULL AS recorded;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('C2'), 'email', 'marketing', '2026-03-02');
SELECT * FROM pg_temp.status('C2', '2026-03-02');

-- double opt-in: Germany wants it for e-mail, unless the person signed.  The
-- owner, who loads events of other systems, brings tokens that went out already
CALL pg_temp.add_account('D', 'DE');
\set form '''{"text_version": "v3", "method": "web_form", "token": "0123456789abcdef-D"}'''
SELECT * FROM pg_temp.refused($$SELECT record_consent(pg_temp.id('D'), 'marketing', 'email', 'opt_in', '2026-03-01 12:00Z', pg_temp.id('D:mail'), '{"text_version": "v3", "method": "web_form", "token": "short"}')$$);
SELECT record_consent(pg_temp.id('D'), 'marketing', 'email', 'opt_in', '2026-03-01 12:00Z', pg_temp.id('D:mail'), :form, pg_temp.id('e3')) = pg_temp.id('e3') AS recorded;
SELECT record_consent(pg_temp.id('D'), 'marketing', 'email', 'opt_in', '2026-03-01 12:00Z', pg_temp.id('D:mail'), :form, pg_temp.id('e3')) = pg_temp.id('e3') AS again;
-- the token is not stored
SELECT action, evidence, token_sha256 = sha256('0123456789abcdef-D') AS digest, token_expires_at FROM consent_event WHERE account_id = pg_temp.id('D');
SELECT outcome, reason_code, obligations FROM can_contact(pg_temp.id('D'), 'email', 'marketing', '2026-03-02');
SELECT * FROM pg_temp.refused($$SELECT confirm_consent('0123456789abcdef-X', '2026-03-02 09:00Z')$$);
SELECT * FROM pg_temp.refused($$SELECT confirm_consent('0123456789abcdef-D', '2026-02-02 09:00Z')$$);
SELECT * FROM pg_temp.refused($$SELECT confirm_consent('0123456789abcdef-D', '2026-03-08 12:00Z')$$);
SELECT confirm_consent('0123456789abcdef-D', '2026-03-02 09:00Z') IS NOT NULL AS confirmed;
SELECT * FROM pg_temp.refused($$SELECT confirm_consent('0123456789abcdef-D', '2026-03-02 10:00Z')$$);
SELECT action, channel, contact_point_id = pg_temp.id('D:mail') AS same_mailbox, evidence FROM consent_event WHERE account_id = pg_temp.id('D') ORDER BY effective_from;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('D'), 'email', 'marketing', '2026-03-02 08:59Z');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('D'), 'email', 'marketing', '2026-03-02 09:00Z');
-- nobody confirms by INSERT without the token, nor for somebody else
CALL pg_temp.add_account('E', 'DE');
SELECT record_consent(pg_temp.id('E'), 'marketing', 'email', 'opt_in', '2026-03-01 12:00Z', NULL,
	'{"text_version": "v3", "method": "web_form", "token": "0123456789abcdef-E"}', pg_temp.id('e4')) IS NOT NULL AS recorded;
SELECT * FROM pg_temp.refused($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at) VALUES (pg_temp.id('E'), 'c0000000-0000-0000-0000-000000000001', 'marketing', 'confirm', '2026-03-02')$$);
SELECT * FROM pg_temp.refused($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, related_event_id)
VALUES (pg_temp.id('E'), 'c0000000-0000-0000-0000-000000000001', 'marketing', 'confirm', '2026-03-02', pg_temp.id('e4'))$$);
SELECT * FROM pg_temp.refused($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, related_event_id, evidence)
VALUES (pg_temp.id('D'), 'c0000000-0000-0000-0000-000000000001', 'marketing', 'confirm', '2026-03-02', pg_temp.id('e4'), '{"token": "0123456789abcdef-E"}')$$);
SELECT * FROM pg_temp.refused($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, related_event_id, evidence)
VALUES (pg_temp.id('E'), 'c0000000-0000-0000-0000-000000000001', 'marketing', 'confirm', '2026-03-02', pg_temp.id('e1'), '{"token": "0123456789abcdef-E"}')$$);
-- an opt-in by web form that was put in by INSERT waits for its confirmation all the same
INSERT INTO consent_event (account_id, controller_id, purpose, channel, action, evidence, captured_at)
VALUES (pg_temp.id('E'), :acme, 'marketing', 'email', 'opt_in', '{"text_version": "v3", "method": "web_form"}', '2026-03-01');
SELECT outcome, reason_code, obligations FROM can_contact(pg_temp.id('E'), 'email', 'marketing', '2026-03-02');
-- a link clicked after an objection opens nothing
SELECT record_consent(pg_temp.id('E'), 'marketing', NULL, 'object', '2026-03-02 08:00Z') IS NOT NULL AS recorded;
SELECT * FROM pg_temp.refused($$SELECT confirm_consent('0123456789abcdef-E', '2026-03-02 09:00Z')$$);
SELECT outcome, reason_code FROM can_contact(pg_temp.id('E'), 'email', 'marketing', '2026-03-02 10:00Z');

RESET search_path;
SET client_min_messages = warning;
CALL lsce.drop_model('consent_record', 'consent_record');
