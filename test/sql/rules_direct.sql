--
-- Decisions answered by index probes and through SPI: the same, whatever the
-- rows.  Builds with assertions compare every single answer; this compares what
-- comes of them, in rows that need an order, chains, merged accounts, missing
-- and odd values.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/sample_fixture.sql
\set model rules_direct
\i :fixture
SET client_min_messages = warning;
SET search_path = rules_direct, lsce, public;
\set ECHO none
\set ON_ERROR_STOP on
SET lsce.login = 'rep';
CALL give('first', 'anna', 1, '2023-02-01');
CALL give('second', 'anna', 1, '2023-03-01', 'p20', 2);
RESET lsce.login;

-- an organisation, a record merged into another, one that moves with a chain of ten points, one without anything
INSERT INTO account (account_id, kind, name, country_code, prescriber, status, survivor_id) VALUES
	(id('anna2'), 'hcp', 'Anna again', 'XA', true, 'merged', id('anna')),
	(id('carl'), 'hcp', 'Carl', 'XA', true, 'active', NULL),
	(id('nobody'), 'hcp', 'Nobody', 'XA', false, 'active', NULL);
INSERT INTO hcp (account_id, profession, no_contact) VALUES (id('anna2'), 'dentist', true), (id('carl'), 'nurse', false);
INSERT INTO contact_point (contact_point_id, account_id, kind, country_code, tz, is_primary)
	VALUES (id('carl:0'), id('carl'), 'address', 'XA', 'Asia/Tokyo', false);
INSERT INTO contact_point (contact_point_id, account_id, kind, country_code, is_primary, inherits_from)
	SELECT id('carl:' || i), id('carl'), 'address', 'XA', i % 2 = 0, id('carl:' || i - 1) FROM generate_series(1, 11) AS i;
INSERT INTO affiliation (from_account_id, to_account_id, kind) VALUES (id('carl'), id('clinic'), 'employment');
INSERT INTO account_territory (account_id, territory_id) SELECT id(a), id('north') FROM unnest('{clinic,carl}'::text[]) AS a;
-- licences of both records, some for products, in need of an order
SET session_replication_role = replica;
INSERT INTO license (license_id, account_id, kind, number, jurisdiction, schedules, verified_on, valid_from, valid_to)
	SELECT id('licence:' || w || i), id(w), CASE WHEN i % 2 = 0 THEN 'national' ELSE 'dea' END, 'n' || w || i, CASE WHEN i < 3 THEN 'XA' ELSE 'XA-N' END,
		CASE WHEN i > 1 THEN '{II,III}'::text[] ELSE '{}' END, CASE WHEN i <> 3 THEN date '2022-01-01' END, '2020-01-01', '2023-06-01'
	FROM unnest('{anna,anna2,carl}'::text[]) AS w, generate_series(1, 4) AS i;
RESET session_replication_role;
INSERT INTO license_product (license_id, product_id) VALUES (id('licence:anna1'), id('brand')), (id('licence:carl2'), id('other'));
-- specialties and certifications; paths that sort otherwise as text
INSERT INTO account_specialty (account_id, code, rank) SELECT id(a), p::specialty, 1 + (length(p) % 2)
	FROM unnest('{anna,carl}'::text[]) AS a, unnest('{medicine,medicine.heart,medicine-x,medicine-x.y}'::text[]) AS p;
INSERT INTO account_certification (account_id, board, specialty, status) SELECT id('anna'), b, p::specialty, 'certified'
	FROM unnest('{b,a}'::text[]) AS b, unnest('{medicine.heart,medicine-x}'::text[]) AS p;
-- more rows than are kept for the next who asks: records merged into one, certifications
INSERT INTO account (account_id, kind, name, country_code, prescriber, status, survivor_id)
	SELECT id('carl:' || i || ' again'), 'hcp', 'Carl again', 'XA', true, 'merged', id('carl') FROM generate_series(1, 20) AS i;
INSERT INTO account_certification (account_id, board, specialty, status) SELECT id('carl'), 'board ' || i, 'medicine', 'certified' FROM generate_series(1, 20) AS i;
INSERT INTO specialty_set (set_id, code, name) VALUES (id('set'), 'SET', 'Set');
INSERT INTO specialty_set_member (set_id, path, exclude) VALUES (id('set'), 'medicine', false), (id('set'), 'medicine-x', false), (id('set'), 'medicine.heart', true);
-- policies at both levels, by region, by set, drafts
INSERT INTO sampling_policy (product_id, country_code, region_code, action, specialty_set_id, required_specialty, required_profession, required_license_kind,
		user_qualification_kind, user_qualification_level, allowed, status, authored_by, approved_by, approved_at, valid_to)
	SELECT id(p), 'XA', r, a, CASE WHEN n = 1 THEN id('set') END, CASE WHEN n = 2 THEN 'medicine.heart'::specialty END, CASE WHEN n = 3 THEN 'physician' END,
		CASE WHEN n = 2 THEN 'dea' END, CASE WHEN n > 1 THEN 'training' END, CASE WHEN n > 1 THEN n END, n < 3,
		CASE WHEN n = 4 THEN 'draft' ELSE 'approved' END, 'author', CASE WHEN n < 4 THEN 'approver' END, CASE WHEN n < 4 THEN timestamptz '2021-01-01' END, CASE WHEN n = 1 THEN date '2023-09-01' ELSE '9999-12-31' END
	FROM unnest('{p10,brand,p20}'::text[]) AS p, unnest('{XA-N,NULL}'::text[]) AS r, unnest('{sample_drop,detail}'::text[]) AS a, generate_series(1, 4) AS n;
INSERT INTO user_qualification (user_id, kind, level, product_id, jurisdiction) VALUES
	(id('rep'), 'training', 2, NULL, NULL), (id('rep'), 'training', 3, id('brand'), 'XA'), (id('rep'), 'licence', 1, id('other'), NULL);
INSERT INTO user_assignment (user_id, persona, country_code) VALUES (id('rep'), 'msl', 'XA'), (id('rep'), 'sample_ops', NULL);
-- the territory under others, with alignments at each; a second model that is a draft
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (id('all'), id('team'), 'ALL', 'All');
INSERT INTO territory_model (model_id, team_id, name, state, valid_from) VALUES (id('model2'), id('team'), 'M2', 'planning', '2021-01-01');
INSERT INTO territory_place (model_id, territory_id, path) VALUES (id('model'), id('all'), 'xa'), (id('model2'), id('north'), 'xa.north'), (id('model2'), id('all'), 'xa');
INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type, purposes) VALUES
	(id('p20'), id('north'), 'exclude', '{sample}'), (id('p20'), id('all'), 'include_subtree', '{sample,detail}'), (id('other'), id('all'), 'exclude_subtree', '{detail}');
SET session_replication_role = replica;
INSERT INTO product_account_restriction (account_id, product_id, territory_id, actions, valid_to) VALUES
	(id('ben'), id('brand'), NULL, '{sample_drop}', '2023-05-01'), (id('ben'), id('p10'), id('north'), '{detail,sample_drop}', '9999-12-31'), (id('anna2'), id('other'), NULL, '{order}', '9999-12-31');
RESET session_replication_role;
-- templates: of the country, of none with an assignment, of another company, by kind of account, retired
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (id('rival'), 'RIVAL', 'Rival', 'partner', 'XA');
INSERT INTO limit_template (template_id, code, label, country_code, company_id, authority, enforcement, priority, status, authored_by, approved_by, approved_at, recipients, obligations, association) VALUES
	(id('t1'), 'T-1', 't1', 'XA', NULL, 'industry_code', 'warning', 50, 'approved', 'author', 'approver', '2021-01-01', '{}', '{}', NULL),
	(id('t2'), 'T-2', 't2', NULL, NULL, 'industry_code', 'error', 50, 'approved', 'author', 'approver', '2021-01-01', '{physician}', '{receipt}', 'CODE'),
	(id('t3'), 'T-3', 't3', 'XA', id('rival'), 'company', 'error', 10, 'approved', 'author', 'approver', '2021-01-01', '{}', '{}', NULL),
	(id('t4'), 'T-4', 't4', 'XA', NULL, 'company', 'error', 10, 'draft', 'author', NULL, NULL, '{}', '{}', NULL);
INSERT INTO association_membership (company_id, association, member, valid_from) VALUES (id('acme'), 'CODE', false, '2023-06-01'), (id('rival'), 'CODE', true, '2021-01-01');
INSERT INTO limit_assignment (template_id, product_id, account_kind, quota_override, per_visit_override) VALUES
	(id('t2'), id('brand'), NULL, 1.5, NULL), (id('t2'), id('p10'), NULL, NULL, 3), (id('t2'), id('p10'), 'hcp', 5, NULL), (id('t3'), id('p10'), NULL, 1, 1), (id('t4'), id('p10'), NULL, 1, 1);
INSERT INTO limit_rule (template_id, name, subject, counting, pool, per_visit, quota, period, every, window_anchor, window_for, window_restarts, applies_when, external_attested) VALUES
	(id('t1'), 'z', 'account', 'value', 'brand', NULL, 0.1234567, 'calendar_year', NULL, NULL, NULL, '{}', '{"profession": ["physician", "nurse"]}', NULL),
	(id('t1'), 'A', 'account', 'strength_mg', 'form_strength', 100, 9e15, 'sliding', '12 months', NULL, NULL, '{}', '{}', 0.0000001),
	(id('t2'), 'first', 'account_user', 'visits', 'brand', NULL, 3, 'since_launch', NULL, 'first_marketed_on', '3 years', '{extended_on}', '{}', NULL),
	(id('t2'), 'visit', 'account', 'units', 'product', 1, NULL, 'lifetime', NULL, NULL, NULL, '{}', '{}', NULL);
-- settings of every scope, with values of every type
INSERT INTO setting (name, scope, scope_key, value) VALUES
	('back_date_days', 'country', 'XA', '12.5'), ('back_date_days', 'persona', 'field_rep', '"3"'), ('device_clock_tolerance_minutes', 'user', id('rep')::text, '-7'),
	('device_clock_tolerance_minutes', 'persona', 'msl', '1e9'), ('license_verification_max_age_days', 'country', 'XB', '1'),
	('sample_request_fields', 'country', 'XA', '["date", "licence_no", null, 7, "signature"]'), ('sample_request_fields', 'persona', 'sample_ops', '{"a": 1}');
-- forms: empty and other values
UPDATE sample_request SET fields = CASE WHEN account_id = id('anna') THEN '{"qty": 1, "purpose": "", "b": null, "a": {"x": 1}, "c": "", "date": "d"}'::jsonb ELSE '["purpose"]' END
WHERE request_id IN (id('request:anna'), id('request:ben'));

-- every question both ways, in sessions' transactions of their own: what was asked before is not remembered
CREATE VIEW question AS
SELECT row_number() OVER (ORDER BY who, what, action, day, visit_id, request_id, batch_id) AS n, id(who) AS account_id, id(what) AS product_id, action, day AS at, visit_id, request_id, batch_id
FROM unnest('{anna,anna2,ben,carl,clinic,nobody,missing}'::text[]) AS who, unnest('{p10,p20,other,brand,missing}'::text[]) AS what, unnest('{sample_drop,sample_ship,detail}'::text[]) AS action,
	unnest('{2023-03-01 12:00+00,2023-07-01 23:30+00}'::timestamptz[]) AS day,
	(VALUES (NULL::uuid, NULL::uuid, NULL::uuid), (id('visit:' || 'anna1'), id('request:anna'), id('lot:p10')), (NULL, id('request:ben'), id('lot:p20'))) AS named (visit_id, request_id, batch_id);
CREATE FUNCTION answers() RETURNS TABLE (n bigint, answer text) LANGUAGE sql STABLE SET search_path = rules_direct, lsce, public AS $$
	SELECT q.n, (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.seq) FROM explain_eligibility(q.account_id, q.product_id, 1, q.action, user_id => public.id('rep'), at => q.at,
		visit_id => q.visit_id, request_id => q.request_id, batch_id => q.batch_id) AS x)::text || check_eligibility(q.account_id, q.product_id, 1, q.action, user_id => public.id('rep'), at => q.at,
		visit_id => q.visit_id, request_id => q.request_id, batch_id => q.batch_id) FROM question AS q
$$;
\set ON_ERROR_STOP off
\set ECHO all
SET lsce.direct_access = on;
CREATE TABLE by_probes AS SELECT * FROM answers();
SET lsce.direct_access = off;
CREATE TABLE by_queries AS SELECT * FROM answers();
SET lsce.direct_access = on;
SELECT count(*) AS questions, count(*) FILTER (WHERE p.answer = q.answer) AS same, count(DISTINCT q.answer) > 100 AS various FROM by_probes AS p FULL JOIN by_queries AS q USING (n);
SELECT p.answer, q.answer FROM by_probes AS p JOIN by_queries AS q USING (n) WHERE p.answer IS DISTINCT FROM q.answer ORDER BY n LIMIT 1;

-- the facts that are stored
SELECT decide('sample_drop', id('anna'), id('p10'), 1, jsonb_build_object('user_id', id('rep'), 'at', '2023-03-01 12:00+00', 'visit_id', id('visit:anna1'), 'request_id', id('request:anna'), 'batch_id', id('lot:p10'))) AS probes \gset
SET lsce.direct_access = off;
SELECT decide('sample_drop', id('anna'), id('p10'), 1, jsonb_build_object('user_id', id('rep'), 'at', '2023-03-01 12:00+00', 'visit_id', id('visit:anna1'), 'request_id', id('request:anna'), 'batch_id', id('lot:p10'))) AS queries \gset
SELECT a.facts = b.facts AS same, a.rule_set = b.rule_set AS same_rules FROM decision AS a, decision AS b WHERE a.decision_id = :'probes' AND b.decision_id = :'queries';
SET lsce.direct_access = on;

-- without an index, with one that will not do, with a column of another collation: queries answer
CREATE FUNCTION still_same() RETURNS boolean LANGUAGE sql STABLE SET search_path = rules_direct, lsce, public
	RETURN (SELECT bool_and(a.answer = q.answer) FROM answers() AS a JOIN by_queries AS q USING (n) WHERE q.n % 7 = 0);
BEGIN; DROP INDEX license_account_idx; SELECT still_same(); ROLLBACK;
BEGIN; DROP INDEX user_assignment_user_idx; CREATE INDEX ON user_assignment (user_id) WHERE persona = 'field_rep'; SELECT still_same(); ROLLBACK;
BEGIN; DROP INDEX setting_name_idx; CREATE INDEX ON setting (lower(name)); SELECT still_same(); ROLLBACK;
BEGIN; DROP INDEX limit_assignment_product_idx; CREATE INDEX ON limit_assignment USING hash (product_id); SELECT still_same(); ROLLBACK;
BEGIN; ALTER TABLE limit_rule ALTER COLUMN name TYPE text COLLATE "C"; SELECT still_same(); ROLLBACK;
BEGIN; ALTER TABLE product ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; SELECT still_same(); ROLLBACK;
SELECT still_same();
-- what the session remembers of a table follows its changes
BEGIN; ALTER TABLE region RENAME COLUMN tz TO zone; ALTER TABLE region ADD COLUMN tz text DEFAULT 'Asia/Tokyo'; SELECT still_same() AS moved; ROLLBACK;
SELECT still_same();
-- and what it remembers of a statement's result
\set VERBOSITY terse
BEGIN; ALTER TABLE user_qualification ALTER COLUMN level TYPE numeric; SELECT still_same(); ROLLBACK;
SELECT still_same();

\set ECHO none
RESET ROLE;
DROP FUNCTION public.attempt;
DROP PROCEDURE public.give;
DROP FUNCTION public.request_of, public.id CASCADE;
CALL lsce.drop_model('rules_direct', 'rules_direct');
