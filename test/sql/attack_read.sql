-- Attacks by reading: what the facts of a decision, a verdict, a headroom or a
-- token tell of rows that the reader may not see.
\set model attack_read
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/attack_fixture.sql
\i :fixture
SET client_min_messages = warning;
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES (public.id('sys'), 'sys', 'regress_att_sys', 'sys', public.id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (public.id('sys'), 'system');
CREATE ROLE regress_att_sys LOGIN;
CALL lsce.grant_persona('attack_read', 'system', 'regress_att_sys');
CREATE ROLE regress_att_nobody LOGIN;
CALL lsce.grant_persona('attack_read', 'field_rep', 'regress_att_nobody');
RESET client_min_messages;

-- the facts of a decision: the rep sees her decision, and what it says of rows she
-- may see; compliance, the auditor and the system read the facts
SET SESSION AUTHORIZATION regress_att_rep;
SELECT decision_id AS given FROM disburse(public.id('vn:anna1'), public.id('rn:anna'), public.id('p10'), public.id('lot:p10'), 1) \gset
SELECT public.attempt($$SELECT facts FROM decision$$);
SELECT public.attempt($$SELECT * FROM decision$$);
SELECT public.attempt($$SELECT d::text FROM decision AS d$$);
SELECT public.attempt($$SELECT d.decision_id FROM decision AS d WHERE d.facts @> '{}'$$);
SELECT public.attempt($$COPY decision TO STDOUT$$);
SELECT public.attempt($$SELECT lsce._as_owner('attack_read', 'SELECT facts FROM attack_read.decision')$$);
SELECT kind, outcome, reason_codes, quantity FROM decision;
SELECT count(*) AS steps, count(*) FILTER (WHERE outcome = 'fail') AS failed FROM decision_steps(:'given');
SELECT outcome FROM explain_eligibility(public.id('anna'), public.id('p10'), 1) WHERE rule_code = 'EL01';
-- another rep's decision
SET SESSION AUTHORIZATION regress_att_rep2;
SELECT count(*) FROM decision_steps(:'given');
-- who sees every decision need not see every row that it was made from
SET SESSION AUTHORIZATION regress_att_ops;
SELECT count(*) FROM decision;
SELECT public.attempt($$SELECT facts FROM decision$$);
SELECT count(*) > 0 AS steps FROM decision_steps(:'given');
SET SESSION AUTHORIZATION regress_att_comp;
SELECT count(*) FROM decision WHERE facts -> 'request' IS NOT NULL;
SET SESSION AUTHORIZATION regress_att_aud;
SELECT count(*) FROM decision WHERE facts -> 'request' IS NOT NULL;
RESET SESSION AUTHORIZATION;
SELECT persona, o.object FROM lsce.personas() AS p, unnest(p.may_read) AS o (object) WHERE o.object ~ '^(decision|outbox)\M'
	ORDER BY o.object COLLATE "C", persona COLLATE "C";
-- given past the rules of personas, it is found
GRANT SELECT ON decision TO regress_att_rep;
GRANT SELECT (secret) ON outbox TO regress_att_comp;
SELECT check_code, subject, detail FROM lsce.check_model('attack_read') WHERE NOT ok AND check_code = 'persona grants';
CALL lsce.upgrade_model('attack_read');
SELECT check_code, subject, detail FROM lsce.check_model('attack_read') WHERE NOT ok AND check_code = 'persona grants';

-- an account that the caller may not see is unknown to every question
SET SESSION AUTHORIZATION regress_att_rep;
SELECT check_eligibility(public.id('zoe'), public.id('p10'), 1) AS hidden, check_eligibility(public.id('no account'), public.id('p10'), 1) AS unknown;
SELECT check_eligibility(public.id('zoe'), public.id('p10'), 1, user_id => public.id('rep2')) AS hidden;
-- whatever is known of it: the answers are those for an account that does not exist
CREATE FUNCTION pg_temp.answers(account uuid, "by" uuid) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT replace(format('%s %s %s %s %s %s', e.rule_code, e.outcome, e.reason_code, e.observed, e.evidence, e.message), account::text, 'the account')
	FROM explain_eligibility(account, public.id('p10'), 1, user_id => "by") AS e
	UNION ALL
	SELECT replace(format('%s %s %s %s', w.rule_code, w.reason_code, w.message, w.cure), account::text, 'the account')
	FROM why_cant_i(public.id('p10'), account) AS w
$$;
CREATE FUNCTION pg_temp.told(account uuid, "by" uuid) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_temp.answers(account, "by") EXCEPT SELECT pg_temp.answers(public.id('no account'), "by")
$$;
SELECT pg_temp.told(public.id('zoe'), public.id('rep'));
SELECT pg_temp.told(public.id('zoe'), public.id('rep2'));
SELECT count(*) > 0 AS told FROM pg_temp.told(public.id('anna'), public.id('rep'));
RESET SESSION AUTHORIZATION;
UPDATE account SET status = 'inactive' WHERE account_id = public.id('zoe');
UPDATE hcp SET no_contact = true WHERE account_id = public.id('zoe');
UPDATE license SET status = 'revoked' WHERE account_id = public.id('zoe');
SET SESSION AUTHORIZATION regress_att_rep;
SELECT pg_temp.told(public.id('zoe'), public.id('rep2'));
SELECT rule_code, reason_code, replace(message, public.id('zoe')::text, '(id)') AS message FROM why_cant_i(public.id('p10'), public.id('zoe'), at => '2023-02-01 12:00+00') WHERE rule_code = 'EL01';
-- rows named besides it
SELECT public.attempt($$SELECT check_eligibility(public.id('anna'), public.id('p10'), 1, visit_id => public.id('vn:zoe1'))$$);
SELECT public.attempt($$SELECT explain_eligibility(public.id('anna'), public.id('p10'), 1, request_id => public.id('rn:zoe'))$$);
-- the other questions
SELECT left(public.attempt($$SELECT decide('sample_drop', public.id('zoe'), public.id('p10'), 1)$$), 5) AS decide;
SELECT left(public.attempt($$SELECT sample_headroom(public.id('zoe'), public.id('p10'))$$), 5) AS sample_headroom;
SELECT left(public.attempt($$SELECT sample_headroom(public.id('no account'), public.id('p10'))$$), 5) AS sample_headroom;
SELECT left(public.attempt($$SELECT consent_status(public.id('zoe'))$$), 5) AS consent_status;
SELECT left(public.attempt($$SELECT can_contact(public.id('zoe'), NULL, 'sample_receipt')$$), 5) AS can_contact;
SELECT left(public.attempt($$SELECT reach(public.id('zoe'))$$), 5) AS reach;
SELECT left(public.attempt($$SELECT shortest_path(public.id('anna'), public.id('zoe'))$$), 5) AS shortest_path;
SELECT left(public.attempt($$SELECT account_lineage(public.id('zoe'))$$), 5) AS account_lineage;
-- who sees every account is answered as before
SET SESSION AUTHORIZATION regress_att_comp;
SELECT rule_code, reason_code FROM explain_eligibility(public.id('zoe'), public.id('p10'), 1, user_id => public.id('rep2'), visit_id => public.id('vn:zoe1'))
	WHERE outcome = 'fail';

-- a role that is no user: limits of a company and of a rep would be missing
RESET SESSION AUTHORIZATION;
SET lsce.login = '';
INSERT INTO limit_template (template_id, code, label, authority, status, authored_by, approved_by, approved_at)
	VALUES (public.id('company limit'), 'COMPANY', 'One for all', 'company', 'approved', 'author', 'approver', now());
INSERT INTO limit_rule (template_id, subject, quota, period) VALUES (public.id('company limit'), 'company', 1, 'calendar_year');
INSERT INTO limit_assignment (template_id, product_id) VALUES (public.id('company limit'), public.id('p10'));
SELECT template, quota FROM sample_headroom(public.id('anna'), public.id('p10'), user_id => public.id('rep')) WHERE template = 'COMPANY';
SELECT public.attempt($$SELECT sample_headroom(public.id('anna'), public.id('p10'))$$);
SELECT public.attempt($$SELECT sample_headroom(public.id('anna'), public.id('p10'), user_id => public.id('no user'))$$) LIKE 'LS412: %' AS refused;
SET SESSION AUTHORIZATION regress_att_nobody;
SELECT left(public.attempt($$SELECT sample_headroom(public.id('anna'), public.id('p10'))$$), 5);
SET SESSION AUTHORIZATION regress_att_rep;
SELECT template, quota FROM sample_headroom(public.id('anna'), public.id('p10')) WHERE template = 'COMPANY';

-- a double opt-in is confirmed by the person: who records it does not know the token
RESET SESSION AUTHORIZATION;
INSERT INTO consent_regime (country_code, purpose, channel, default_state, double_opt_in, evidence_required, legal_ref, certainty, status, authored_by, approved_by, approved_at)
	VALUES ('XA', 'marketing', 'email', 'opt_in', true, '{}', 'test', 'C', 'approved', 'author', 'approver', now());
INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code) VALUES (public.id('anna:mail'), public.id('anna'), 'email', 'anna@example.org', 'XA');
SET SESSION AUTHORIZATION regress_att_rep;
SELECT public.attempt($$SELECT record_consent(public.id('anna'), 'marketing', 'email', 'opt_in', now(), public.id('anna:mail'), '{"method": "web_form", "token": "a token of her own"}')$$);
SELECT record_consent(public.id('anna'), 'marketing', 'email', 'opt_in', now(), public.id('anna:mail'), '{"method": "web_form"}', public.id('mail')) = public.id('mail') AS recorded;
-- neither by INSERT
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, action, captured_at, token_sha256, token_expires_at)
	VALUES (public.id('forged'), public.id('anna'), public.id('acme'), 'marketing', 'email', 'pending', now(), sha256('a token of her own'), '2099-01-01');
SELECT public.attempt($$INSERT INTO consent_event (account_id, controller_id, purpose, channel, action, evidence, captured_at)
	VALUES (public.id('anna'), public.id('acme'), 'marketing', 'email', 'pending', '{"token": "a token of her own"}', now())$$);
SELECT event_id = public.id('forged') AS forged, action, evidence, token_sha256 = sha256('a token of her own') AS her_own, token_expires_at < now() + interval '8 days' AS soon
	FROM consent_event WHERE purpose = 'marketing' ORDER BY event_id;
SELECT public.attempt($$SELECT confirm_consent('a token of her own')$$);
SELECT public.attempt($$SELECT count(*) FROM outbox$$), public.attempt($$SELECT * FROM model_secret$$), public.attempt($$SELECT outbox_read()$$);
SELECT outcome, reason_code FROM can_contact(public.id('anna'), 'email', 'marketing');
-- nor compliance, the auditor and the administrator
SET SESSION AUTHORIZATION regress_att_comp;
SELECT public.attempt($$SELECT secret FROM outbox$$), count(*) FROM outbox WHERE topic = 'consent.changed' AND payload ->> 'action' = 'pending';
SET SESSION AUTHORIZATION regress_att_aud;
SELECT public.attempt($$SELECT * FROM outbox$$);
SET SESSION AUTHORIZATION regress_att_admin;
SELECT public.attempt($$SELECT topic FROM outbox$$);
-- the service that writes to her does
SET SESSION AUTHORIZATION regress_att_sys;
SELECT topic, payload ->> 'action' AS action, length(secret ->> 'token') AS token FROM outbox WHERE entity_id IN (public.id('mail'), public.id('forged'));
SELECT secret ->> 'token' AS token FROM outbox WHERE entity_id = public.id('mail') \gset
SET SESSION AUTHORIZATION regress_att_rep;
SELECT confirm_consent(:'token') IS NOT NULL AS confirmed;
SELECT outcome, reason_code FROM can_contact(public.id('anna'), 'email', 'marketing');

RESET SESSION AUTHORIZATION;
\set cleanup :abs_srcdir /data/attack_cleanup.sql
\i :cleanup
