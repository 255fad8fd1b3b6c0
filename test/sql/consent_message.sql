--
-- Messages: a permit when queued, a second one when sent; nothing without.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/consent_fixture.sql
\set model consent_message
\i :fixture
\set acme '''c0000000-0000-0000-0000-000000000001'''
\set proof '''{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}'''
INSERT INTO user_assignment (user_id, persona) VALUES ('b0000000-0000-0000-0000-000000000007', 'mops');
CALL pg_temp.add_account('A', 'DE');
CALL pg_temp.add_account('B', 'DE');
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', now() - interval '1 day', proof => :proof) IS NOT NULL AS recorded;

-- queued: the permit names this one message; the same id again changes nothing
SELECT queue_message(pg_temp.id('A'), 'email', id => pg_temp.id('m1')) = pg_temp.id('m1') AS queued;
SELECT queue_message(pg_temp.id('A'), 'email', id => pg_temp.id('m1')) = pg_temp.id('m1') AS again;
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('B'), 'email', id => pg_temp.id('m1'))$$);
SELECT m.state, m.purpose, m.contact_point_id = pg_temp.id('A:mail') AS primary_mailbox, m.sent_at, m.send_decision_id,
	d.fact_id = m.message_id AS permit_is_its_own, d.kind, d.admission, d.outcome, d.reason_codes, d.obligations, d.facts #>> '{consent,state}' AS consent
FROM outbound_message AS m JOIN decision AS d USING (decision_id);

-- sent: a second permit
SELECT send_message(pg_temp.id('m1')) IS NOT NULL AS sent;
SELECT m.state, m.sent_at >= m.queued_at AS sent_after_queued, m.decision_id <> m.send_decision_id AS two_permits, d.outcome
FROM outbound_message AS m JOIN decision AS d ON d.decision_id = m.send_decision_id;
SELECT send_message(pg_temp.id('m1')) = send_decision_id AS same_answer FROM outbound_message;
UPDATE outbound_message SET state = 'delivered';
UPDATE outbound_message SET state = 'clicked';
SELECT * FROM pg_temp.refused($$UPDATE outbound_message SET state = 'queued'$$);
SELECT * FROM pg_temp.refused($$SELECT send_message(pg_temp.id('nothing'))$$);

-- without consent nothing is queued, by whatever way it comes
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'sms')$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('B'), 'email')$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', purpose => 'market_research')$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', controller_id => 'c0000000-0000-0000-0000-000000000002')$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'chat')$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', contact_point_id => pg_temp.id('B:mail'))$$);
SELECT * FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', contact_point_id => pg_temp.id('A:phone'))$$);
SELECT * FROM pg_temp.refused($$INSERT INTO outbound_message (account_id, decision_id, controller_id, channel, contact_point_id)
	SELECT pg_temp.id('B'), m.decision_id, 'c0000000-0000-0000-0000-000000000001', 'email', pg_temp.id('B:mail') FROM outbound_message AS m$$);
-- of several in one statement, one that is refused takes the others along
SELECT * FROM pg_temp.refused($$INSERT INTO outbound_message (account_id, controller_id, channel, contact_point_id)
	SELECT pg_temp.id(a), 'c0000000-0000-0000-0000-000000000001', 'email', pg_temp.id(a || ':mail') FROM unnest('{A,B}'::text[]) AS a$$);
SELECT count(*) FROM outbound_message;

-- what the client says about decision, state and time is overwritten
INSERT INTO outbound_message (message_id, account_id, controller_id, channel, contact_point_id, decision_id, send_decision_id, state, admission, queued_at, sent_at)
VALUES (pg_temp.id('m2'), pg_temp.id('A'), :acme, 'email', pg_temp.id('A:mail2'), pg_temp.id('forged'), pg_temp.id('forged too'), 'sent', 'record', '2020-01-01', '2020-01-01');
SELECT state, admission, queued_at > '2026-01-01' AS now, sent_at, send_decision_id, decision_id <> pg_temp.id('forged') AS own_decision,
	user_id = 'b0000000-0000-0000-0000-000000000007' AS acting_user
FROM outbound_message WHERE message_id = pg_temp.id('m2');
-- and COPY is judged like any other
\set VERBOSITY terse
COPY outbound_message (message_id, account_id, controller_id, channel, contact_point_id) FROM stdin;
00000000-0000-0000-0000-00000000000c	9d5ed678-fe57-bcca-6101-40957afab571	c0000000-0000-0000-0000-000000000001	email	246aa155-dae8-d584-0059-3c475b5cc6be
\.
SELECT count(*) FROM outbound_message;

-- what a message is stays; a value set to itself is no change
SELECT * FROM pg_temp.refused($$UPDATE outbound_message SET channel = 'sms' WHERE message_id = pg_temp.id('m2')$$);
SELECT * FROM pg_temp.refused($$UPDATE outbound_message SET account_id = pg_temp.id('B') WHERE message_id = pg_temp.id('m2')$$);
SELECT * FROM pg_temp.refused($$UPDATE outbound_message SET decision_id = pg_temp.id('forged') WHERE message_id = pg_temp.id('m2')$$);
UPDATE outbound_message SET channel = 'email', send_decision_id = pg_temp.id('forged'), sent_at = now() WHERE message_id = pg_temp.id('m2');
SELECT state, sent_at, send_decision_id FROM outbound_message WHERE message_id = pg_temp.id('m2');
-- held and let go; a held message is not sent
UPDATE outbound_message SET state = 'held' WHERE message_id = pg_temp.id('m2');
SELECT * FROM pg_temp.refused($$UPDATE outbound_message SET state = 'sent' WHERE message_id = pg_temp.id('m2')$$);
UPDATE outbound_message SET state = 'queued' WHERE message_id = pg_temp.id('m2');

-- the objection comes while the message waits: it is not sent
SELECT record_consent(pg_temp.id('A'), 'marketing', NULL, 'object', now()) IS NOT NULL AS recorded;
SELECT code, rule FROM pg_temp.refused($$SELECT send_message(pg_temp.id('m2'))$$);
SELECT code FROM pg_temp.refused($$UPDATE outbound_message SET state = 'sent' WHERE message_id = pg_temp.id('m2')$$);
SELECT code FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email')$$);
UPDATE outbound_message SET state = 'suppressed' WHERE message_id = pg_temp.id('m2');
SELECT state, send_decision_id, sent_at FROM outbound_message WHERE message_id = pg_temp.id('m2');
-- every stored message has the permits of its state
SELECT count(*) AS messages, count(d.decision_id) AS permits, count(m.send_decision_id) AS sent, count(s.decision_id) AS send_permits
FROM outbound_message AS m LEFT JOIN decision AS d ON d.decision_id = m.decision_id AND d.fact_id = m.message_id AND d.admission = 'permit'
LEFT JOIN decision AS s ON s.decision_id = m.send_decision_id AND s.fact_id = m.message_id AND s.admission = 'permit';

-- at night a text may be queued, for the morning; it may not be sent at night
CALL pg_temp.add_account('N', 'US', 'America/New_York');
SELECT record_consent(pg_temp.id('N'), 'marketing', 'sms', 'opt_in', now() - interval '2 days', proof => :proof, basis => 'prior_express_written') IS NOT NULL AS recorded;
-- the hours of the regime are moved so that it is always night
UPDATE consent_regime SET status = 'retired' WHERE country_code = 'US' AND channel = 'sms';
INSERT INTO consent_regime (country_code, purpose, channel, default_state, admissible_basis, hours_from, hours_to, legal_ref, certainty, status, authored_by, approved_by, approved_at)
SELECT 'US', 'marketing', 'sms', 'opt_in', '{prior_express_written}',
	CASE WHEN t.local > '12:00' THEN TIME '00:00' ELSE TIME '23:58' END, CASE WHEN t.local > '12:00' THEN TIME '00:01' ELSE TIME '23:59' END,
	'test', 'A', 'approved', 'one', 'another', now()
FROM (SELECT (now() AT TIME ZONE 'America/New_York')::time AS local) AS t;
SELECT queue_message(pg_temp.id('N'), 'sms', id => pg_temp.id('m3')) = pg_temp.id('m3') AS queued;
SELECT d.valid_at > m.queued_at AS for_later, d.outcome FROM outbound_message AS m JOIN decision AS d USING (decision_id) WHERE m.message_id = pg_temp.id('m3');
SELECT code FROM pg_temp.refused($$SELECT send_message(pg_temp.id('m3'))$$);

RESET search_path;
SET client_min_messages = warning;
CALL lsce.drop_model('consent_message', 'consent_message');
