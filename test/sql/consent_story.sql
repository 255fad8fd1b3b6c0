--
-- The story of consent to samples and messages, ages that follow from contacts,
-- and what roles may do.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/consent_fixture.sql
\set model consent_story
\i :fixture
\set proof '''{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}'''
INSERT INTO user_assignment (user_id, persona) VALUES ('b0000000-0000-0000-0000-000000000007', 'mops');
CALL pg_temp.add_account('A', 'DE');

-- samples: consent is missing, then given on the spot
SELECT outcome, reason_code FROM can_contact(pg_temp.id('A'), NULL, 'sample_receipt', '2026-03-02 10:00Z');
SELECT record_consent(pg_temp.id('A'), 'sample_receipt', NULL, 'opt_in', '2026-03-02 10:05Z', proof => :proof) IS NOT NULL AS recorded;
SELECT record_consent(pg_temp.id('A'), 'marketing', 'email', 'opt_in', '2026-03-02 10:06Z', proof => :proof) IS NOT NULL AS recorded;
SELECT outcome, reason_code, obligations FROM can_contact(pg_temp.id('A'), NULL, 'sample_receipt', '2026-03-02 10:10Z');
SELECT queue_message(pg_temp.id('A'), 'email', id => pg_temp.id('m1')) IS NOT NULL AS queued;

-- a general objection to marketing: everything of it is refused, samples are not touched
SELECT record_consent(pg_temp.id('A'), 'marketing', NULL, 'object', '2026-04-01') IS NOT NULL AS recorded;
SELECT code, message FROM pg_temp.refused($$SELECT send_message(pg_temp.id('m1'))$$);
SELECT code FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', purpose => 'newsletter')$$);
SELECT outcome FROM can_contact(pg_temp.id('A'), NULL, 'sample_receipt', '2026-04-02');

-- a later opt-in for one mailbox and one purpose reopens no more than that
SELECT record_consent(pg_temp.id('A'), 'newsletter', 'email', 'opt_in', '2026-05-01', pg_temp.id('A:mail2'), :proof) IS NOT NULL AS recorded;
SELECT queue_message(pg_temp.id('A'), 'email', 'newsletter', pg_temp.id('A:mail2'), id => pg_temp.id('m2')) IS NOT NULL AS queued;
SELECT code FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', 'newsletter', pg_temp.id('A:mail'))$$);
SELECT code FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'email', 'marketing', pg_temp.id('A:mail2'))$$);
SELECT code FROM pg_temp.refused($$SELECT queue_message(pg_temp.id('A'), 'sms', 'newsletter')$$);
SELECT s.purpose, s.channel, s.contact_point_id = pg_temp.id('A:mail2') AS mail2, s.state, s.reason_code,
	s.because #>> '{decided_by,action}' AS decided_by, s.because #>> '{beats_opt_in,purpose}' AS beats, s.because #>> '{revives_after,action}' AS revives_after
FROM consent_status(pg_temp.id('A'), at => '2026-06-01') AS s;

-- asked for one channel, the objection to all of them is told for it; asked for a purpose, what is said of any channel
SELECT s.purpose, s.channel, s.contact_point_id IS NOT NULL AS one_point, s.state, s.reason_code, s.because #>> '{decided_by,action}' AS decided_by
FROM consent_status(pg_temp.id('A'), on_channel => 'sms', at => '2026-06-01') AS s;
SELECT s.purpose, s.channel, s.contact_point_id IS NOT NULL AS one_point, s.state, s.reason_code, s.because #>> '{decided_by,purpose}' AS decided_by
FROM consent_status(pg_temp.id('A'), 'newsletter', at => '2026-06-01') AS s;
SELECT s.channel, s.state FROM consent_status(pg_temp.id('A'), 'sample_receipt', at => '2026-06-01') AS s;

-- consent to samples is withdrawn
SELECT record_consent(pg_temp.id('A'), 'sample_receipt', NULL, 'withdraw', '2026-06-02') IS NOT NULL AS recorded;
SELECT outcome, reason_code, because #>> '{beats_opt_in,purpose}' AS beats FROM can_contact(pg_temp.id('A'), NULL, 'sample_receipt', '2026-06-03');
SELECT outcome FROM can_contact(pg_temp.id('A'), NULL, 'sample_receipt', '2026-06-01');

-- France: three years from the last contact; a visit that took place is one, a planned one is not
CALL pg_temp.add_account('F', 'FR');
SELECT record_consent(pg_temp.id('F'), 'marketing', 'email', 'opt_in', '2020-01-10', proof => '{"informed_at": "2020-01-10", "related_to_profession": true}', basis => 'legitimate_interest') IS NOT NULL AS recorded;
SELECT outcome, reason_code, because ->> 'last_day' AS last_day, because ->> 'expiry_rule' AS rule FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2023-01-10 22:59Z');
SELECT outcome, reason_code, because ->> 'last_day' AS last_day, because ->> 'expiry_rule' AS rule FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2023-01-10 23:00Z');
INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain) VALUES (pg_temp.id('team'), 'T', 'Team', 'c0000000-0000-0000-0000-000000000001', 'FR', 'commercial');
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (pg_temp.id('territory'), pg_temp.id('team'), 'T1', 'One');
INSERT INTO visit (account_id, territory_id, owner_id, status, actual_from) VALUES
	(pg_temp.id('F'), pg_temp.id('territory'), 'b0000000-0000-0000-0000-000000000007', 'completed', '2021-06-01 09:00Z'),
	(pg_temp.id('F'), pg_temp.id('territory'), 'b0000000-0000-0000-0000-000000000007', 'planned', '2022-06-01 09:00Z');
SELECT outcome, because ->> 'last_day' AS last_day FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2024-06-01 21:59Z');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2024-06-01 22:00Z');
SELECT state, until FROM consent_status(pg_temp.id('F'), 'marketing', 'email', '2024-01-01');
-- the company's own limit of age is shorter
INSERT INTO setting (name, value) VALUES ('consent_max_age_months', '24');
SELECT outcome, reason_code, because ->> 'last_day' AS last_day, because ->> 'expiry_rule' AS rule FROM can_contact(pg_temp.id('F'), 'email', 'marketing', '2022-06-01');

-- a draft regime is not read: consent is needed, as where no row speaks
CALL pg_temp.add_account('G', 'GB');
CALL pg_temp.add_account('Z', 'NZ');
SELECT outcome, reason_code, because #>> '{regime,legal_ref}' AS legal_ref, because #>> '{regime,default}' AS regime FROM can_contact(pg_temp.id('G'), 'email', 'marketing', '2026-03-02');
SELECT outcome, reason_code, because #>> '{regime,default}' AS regime FROM can_contact(pg_temp.id('Z'), 'email', 'marketing', '2026-03-02');
-- and no regime is approved by its author
SELECT code, rule FROM pg_temp.refused($$INSERT INTO consent_regime (country_code, purpose, channel, default_state, legal_ref, certainty, status, authored_by, approved_by, approved_at)
	VALUES ('NZ', 'marketing', 'email', 'opt_out', 'none', 'C', 'approved', 'me', 'me', now())$$);
-- a regime under which nothing is a basis
INSERT INTO consent_regime (country_code, purpose, channel, default_state, legal_ref, certainty, status, authored_by, approved_by, approved_at)
VALUES ('NZ', 'marketing', 'fax', 'never', 'company rule', 'A', 'approved', 'one', 'another', '2026-01-01');
SELECT record_consent(pg_temp.id('Z'), 'marketing', NULL, 'opt_in', '2026-01-01', proof => :proof) IS NOT NULL AS recorded;
SELECT outcome, reason_code FROM can_contact(pg_temp.id('Z'), 'fax', 'marketing', '2026-03-02');
SELECT outcome, reason_code FROM can_contact(pg_temp.id('Z'), 'email', 'marketing', '2026-03-02');

-- a role of marketing operations queues and sends; it makes no decisions of its own
RESET lsce.login;
SET client_min_messages = warning;
CREATE ROLE regress_consent_mops;
CALL lsce.grant_persona('consent_story', 'mops', 'regress_consent_mops');
UPDATE app_user SET db_role = 'regress_consent_mops' WHERE login = 'R7';
RESET client_min_messages;
SET ROLE regress_consent_mops;
SELECT record_consent(id, 'marketing', 'email', 'opt_in', '2026-07-01', proof => :proof) IS NOT NULL AS recorded FROM md5('A') AS m, CAST(m AS uuid) AS id;
SELECT queue_message(id, 'email', id => '00000000-0000-0000-0000-0000000000aa') IS NOT NULL AS queued FROM md5('A') AS m, CAST(m AS uuid) AS id;
SELECT send_message('00000000-0000-0000-0000-0000000000aa') IS NOT NULL AS sent;
SELECT count(*) FROM outbox;
INSERT INTO decision (kind, account_id, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at) VALUES ('message_send', md5('A')::uuid, 'none', 'allow', '{}', '', 1, now(), now());
RESET ROLE;

\set SHOW_CONTEXT never
-- who may not read events is told the answer, not the events; who does not see the account is told nothing
SET client_min_messages = warning;
CREATE ROLE regress_consent_safety;
CALL lsce.grant_persona('consent_story', 'safety', 'regress_consent_safety');
CREATE ROLE regress_consent_rep;
CALL lsce.grant_persona('consent_story', 'field_rep', 'regress_consent_rep');
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES
	('b0000000-0000-0000-0000-000000000008', 'S8', 'regress_consent_safety', 'Safety Eight', 'c0000000-0000-0000-0000-000000000001'),
	('b0000000-0000-0000-0000-000000000009', 'R9', 'regress_consent_rep', 'Rep Nine', 'c0000000-0000-0000-0000-000000000001');
INSERT INTO user_assignment (user_id, persona) VALUES
	('b0000000-0000-0000-0000-000000000008', 'safety'), ('b0000000-0000-0000-0000-000000000009', 'field_rep');
RESET client_min_messages;
SET ROLE regress_consent_safety;
SELECT outcome, reason_code, because -> 'decided_by' AS decided_by, because -> 'beats_opt_in' AS beats FROM can_contact(md5('A')::uuid, NULL, 'sample_receipt', '2026-06-03');
SELECT purpose, state, because -> 'decided_by' AS decided_by FROM consent_status(md5('A')::uuid, 'sample_receipt', at => '2026-06-03');
SELECT record_consent(md5('A')::uuid, 'marketing', NULL, 'object', '2026-07-01');
SET ROLE regress_consent_rep;
SELECT * FROM can_contact(md5('A')::uuid, NULL, 'sample_receipt', '2026-06-03');
SELECT * FROM consent_status(md5('A')::uuid);
SELECT * FROM lsce.can_contact('consent_story'::regnamespace, md5('A')::uuid, NULL, 'sample_receipt', NULL, NULL, NULL, 'c0000000-0000-0000-0000-000000000001');
SELECT record_consent(md5('A')::uuid, 'marketing', NULL, 'object', '2026-07-01');
RESET ROLE;

RESET search_path;
SET client_min_messages = warning;
CALL lsce.drop_model('consent_story', 'consent_story');
DROP ROLE regress_consent_mops, regress_consent_safety, regress_consent_rep;
