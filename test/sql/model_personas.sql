-- Personas, row security and who is acting
\set superuser :USER
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_lsce_owner NOLOGIN;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_owner', current_database()); END $$;
CREATE ROLE regress_anna LOGIN;		-- field rep of territory t1
CREATE ROLE regress_bob LOGIN;		-- field rep of territory t2
CREATE ROLE regress_mia LOGIN;		-- their manager
CREATE ROLE regress_mel LOGIN;		-- medical science liaison for the same accounts
CREATE ROLE regress_pat LOGIN;		-- rep of a partner company for the same accounts
CREATE ROLE regress_stu LOGIN;		-- data steward
CREATE ROLE regress_aud LOGIN;		-- auditor
CREATE ROLE regress_cora LOGIN;		-- compliance
CREATE ROLE regress_cleo LOGIN;		-- compliance, too
CREATE ROLE regress_sam LOGIN;		-- sample operations
CREATE ROLE regress_new LOGIN;		-- has the persona, but is no user
CREATE ROLE regress_pool LOGIN;		-- connection pool

SET ROLE regress_lsce_owner;
CALL lsce.create_model('regress_p', false);
SELECT persona, whole_view FROM lsce.personas();
-- objects that only the engine writes; reversals and the ledger take rows that their triggers admit
SELECT DISTINCT persona, privilege, object FROM lsce._model_rights('regress_p')
WHERE privilege IN ('INSERT', 'UPDATE', 'DELETE')
	AND object ~ '\.(decision|limit_counter|limit_use|inventory_stock|account_territory|persona_grant|model_version)$';
-- tables that nobody may read (only the secret), and functions that write and only functions of the owner may call
SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'regress_p'::regnamespace AND c.relkind IN ('r', 'v')
	AND NOT EXISTS (SELECT FROM lsce._model_rights('regress_p') AS r WHERE r.privilege = 'SELECT' AND r.object = format('regress_p.%I', c.relname));
SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'regress_p'::regnamespace AND p.prorettype <> 'trigger'::regtype
	AND NOT EXISTS (SELECT FROM lsce._model_rights('regress_p') AS r WHERE r.object = p.oid::regprocedure::text)
	ORDER BY 1;

SELECT format('CALL lsce.grant_persona(''regress_p'', %L, %L)', persona, role) FROM (VALUES
	('field_rep', 'regress_anna'), ('field_rep', 'regress_bob'), ('manager', 'regress_mia'), ('msl', 'regress_mel'),
	('partner_rep', 'regress_pat'), ('data_steward', 'regress_stu'), ('auditor', 'regress_aud'), ('compliance', 'regress_cora'),
	('compliance', 'regress_cleo'), ('sample_ops', 'regress_sam'), ('auditor', 'regress_new')) AS g (persona, role) \gexec
SET client_min_messages = notice;
\set VERBOSITY default
CALL lsce.grant_persona('regress_p', 'pool', 'regress_pool');
\set VERBOSITY terse
SET client_min_messages = warning;

-- two companies, three teams, five territories, three accounts; loaded past all
-- triggers, for what is tested is reading
RESET ROLE;
SET session_replication_role = replica;
SET search_path = regress_p, pg_catalog;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
INSERT INTO company (company_id, code, name, kind, country_code) VALUES
	('00000000-0000-0000-0000-0000000000c1', 'OWN', 'Own company', 'own', 'US'),
	('00000000-0000-0000-0000-0000000000c2', 'PARTNER', 'Partner', 'partner', 'US');
INSERT INTO app_user (user_id, login, db_role, display_name, company_id)
SELECT format('00000000-0000-0000-0000-0000000000%s', id)::uuid, login, 'regress_' || login, login, format('00000000-0000-0000-0000-0000000000%s', company)::uuid
FROM (VALUES ('01', 'anna', 'c1'), ('02', 'bob', 'c1'), ('03', 'mia', 'c1'), ('04', 'mel', 'c1'), ('05', 'pat', 'c2'),
	('06', 'stu', 'c1'), ('07', 'aud', 'c1'), ('08', 'cora', 'c1'), ('09', 'sam', 'c1'), ('10', 'cleo', 'c1')) AS u (id, login, company);
INSERT INTO app_user (user_id, login, display_name, company_id) VALUES
	('00000000-0000-0000-0000-0000000000ff', 'web', 'Somebody behind the pool', '00000000-0000-0000-0000-0000000000c1');
INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain) VALUES
	('00000000-0000-0000-0000-000000000e01', 'SALES', 'Sales', '00000000-0000-0000-0000-0000000000c1', 'US', 'commercial'),
	('00000000-0000-0000-0000-000000000e02', 'MEDICAL', 'Medical', '00000000-0000-0000-0000-0000000000c1', 'US', 'medical'),
	('00000000-0000-0000-0000-000000000e03', 'PARTNER', 'Partner sales', '00000000-0000-0000-0000-0000000000c2', 'US', 'commercial');
INSERT INTO user_assignment (user_id, persona, team_id)
SELECT u.user_id, a.persona, t.team_id
FROM (VALUES ('anna', 'field_rep', 'SALES'), ('bob', 'field_rep', 'SALES'), ('mia', 'manager', 'SALES'), ('mel', 'msl', 'MEDICAL'),
	('pat', 'partner_rep', 'PARTNER'), ('stu', 'data_steward', NULL), ('aud', 'auditor', NULL), ('cora', 'compliance', NULL),
	('cleo', 'compliance', NULL), ('sam', 'sample_ops', NULL), ('web', 'field_rep', 'SALES')) AS a (login, persona, team)
JOIN app_user AS u USING (login) LEFT JOIN sales_team AS t ON t.code = a.team;
INSERT INTO territory_node (territory_id, team_id, code, name)
SELECT format('00000000-0000-0000-0000-00000000%s', id)::uuid, t.team_id, n.code, n.code
FROM (VALUES ('aa00', 'SALES', 'west'), ('aa01', 'SALES', 't1'), ('aa02', 'SALES', 't2'), ('aa03', 'MEDICAL', 'm1'), ('aa04', 'PARTNER', 'p1')) AS n (id, team, code)
JOIN sales_team AS t ON t.code = n.team;
INSERT INTO territory_model (model_id, team_id, name, state, valid_from) VALUES
	('00000000-0000-0000-0000-0000000bb001', '00000000-0000-0000-0000-000000000e01', 'today', 'published', '2020-01-01'),
	('00000000-0000-0000-0000-0000000bb002', '00000000-0000-0000-0000-000000000e01', 'planned', 'planning', '2020-01-01');
INSERT INTO territory_place (model_id, territory_id, parent_id, path)
SELECT '00000000-0000-0000-0000-0000000bb001', n.territory_id, p.territory_id, x.path::lsce.territory
FROM (VALUES ('west', NULL, 'us.west'), ('t1', 'west', 'us.west.t1'), ('t2', 'west', 'us.west.t2')) AS x (code, parent, path)
JOIN territory_node AS n ON n.code = x.code LEFT JOIN territory_node AS p ON p.code = x.parent;
INSERT INTO territory_user (territory_id, user_id, role)
SELECT n.territory_id, u.user_id, r.role
FROM (VALUES ('t1', 'anna', 'rep'), ('t2', 'bob', 'rep'), ('west', 'mia', 'manager'), ('m1', 'mel', 'msl'), ('p1', 'pat', 'rep'), ('t2', 'web', 'vacancy_cover')) AS r (code, login, role)
JOIN territory_node AS n ON n.code = r.code JOIN app_user AS u ON u.login = r.login;
INSERT INTO account (account_id, kind, name, country_code, status, survivor_id) VALUES
	('00000000-0000-0000-0000-00000000ac01', 'hcp', 'Dr One', 'US', 'active', NULL),
	('00000000-0000-0000-0000-00000000ac02', 'hcp', 'Dr Two', 'US', 'active', NULL),
	('00000000-0000-0000-0000-00000000ac03', 'hcp', 'Dr Three', 'US', 'active', NULL),
	('00000000-0000-0000-0000-00000000ac04', 'hcp', 'Dr One again', 'US', 'merged', '00000000-0000-0000-0000-00000000ac01');
INSERT INTO account_identifier (account_id, system, value) VALUES
	('00000000-0000-0000-0000-00000000ac01', 'npi', '1234567893'), ('00000000-0000-0000-0000-00000000ac02', 'npi', '1245319599');
INSERT INTO account_territory (account_id, territory_id)
SELECT format('00000000-0000-0000-0000-00000000%s', a.account)::uuid, n.territory_id
FROM (VALUES ('ac01', 't1'), ('ac01', 'm1'), ('ac01', 'p1'), ('ac02', 't2')) AS a (account, code) JOIN territory_node AS n USING (code);
INSERT INTO visit (account_id, territory_id, owner_id, domain, objective)
SELECT format('00000000-0000-0000-0000-00000000%s', v.account)::uuid, n.territory_id, u.user_id, v.domain, v.objective
FROM (VALUES
	('ac01', 't1', 'anna', 'commercial', 'one by anna'),
	('ac01', 't2', 'bob', 'commercial', 'one by bob, when it was his'),
	('ac01', 'm1', 'mel', 'medical', 'one by mel, medical'),
	('ac01', 'p1', 'pat', 'commercial', 'one by pat, of the partner'),
	('ac02', 't2', 'bob', 'commercial', 'two by bob'),
	('ac04', 't2', 'bob', 'commercial', 'merged record by bob')) AS v (account, code, login, domain, objective)
JOIN territory_node AS n USING (code) JOIN app_user AS u USING (login);
INSERT INTO decision (kind, account_id, admission, outcome, facts, rule_set, evaluator_version, domain, user_id, territory_id, valid_at, known_at, reason_codes)
SELECT 'detail', v.account_id, 'none', 'allow', '{}', '', 1, v.domain, v.owner_id, v.territory_id, '2026-01-01', '2026-01-01', ARRAY[v.objective] FROM visit AS v;
INSERT INTO data_use_purpose VALUES ('marketing', NULL, 'Marketing', true);
INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from)
SELECT a.account_id, c.company_id, 'marketing', 'opt_in', '2026-01-01', '2026-01-01'
FROM account AS a CROSS JOIN company AS c WHERE a.name IN ('Dr One', 'Dr Two');
INSERT INTO product (code, name, type, spec_type) VALUES ('SKU', 'Sample', 'product', 'sample');
INSERT INTO product_batch (product_id, lot_no, expires_on) SELECT product_id, 'L1', '2030-01-01' FROM product;
INSERT INTO inventory_location (kind, user_id, name) SELECT 'rep', user_id, 'bag of ' || login FROM app_user WHERE login IN ('anna', 'bob', 'pat');
INSERT INTO inventory_stock (location_id, batch_id, on_hand) SELECT l.location_id, b.batch_id, 5 FROM inventory_location AS l CROSS JOIN product_batch AS b;
RESET session_replication_role;
-- what triggers would have kept
CALL regress_p.rebuild_name_keys();
RESET search_path;

-- what a role sees; run by each of them
CREATE FUNCTION pg_temp.sees(OUT accounts text[], OUT visits text[], OUT decisions bigint, OUT consents bigint, OUT bags text[])
LANGUAGE sql SET search_path = regress_p, pg_catalog AS $$
SELECT (SELECT array_agg(name ORDER BY name) FROM account), (SELECT array_agg(objective ORDER BY objective) FROM visit),
	(SELECT count(*) FROM decision), (SELECT count(*) FROM consent_event),
	(SELECT array_agg(l.name ORDER BY l.name) FROM inventory_stock JOIN inventory_location AS l USING (location_id))
$$;
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace); END $$;
\x on
SET ROLE regress_anna;
SELECT * FROM pg_temp.sees();
SET ROLE regress_bob;
SELECT * FROM pg_temp.sees();
SET ROLE regress_mia;
SELECT * FROM pg_temp.sees();
SET ROLE regress_pat;
SELECT * FROM pg_temp.sees();
SET ROLE regress_sam;
SELECT * FROM pg_temp.sees();
\x off
SET ROLE regress_mel;
SELECT array_agg(objective ORDER BY objective) FROM regress_p.visit;
SELECT count(*) FROM regress_p.inventory_stock;
SET ROLE regress_aud;
SELECT (SELECT count(*) FROM regress_p.account) AS accounts, (SELECT count(*) FROM regress_p.visit) AS visits, (SELECT count(*) FROM regress_p.decision) AS decisions;
-- a persona without a user behind it sees nothing
SET ROLE regress_new;
SELECT (SELECT count(*) FROM regress_p.account) AS accounts, (SELECT count(*) FROM regress_p.visit) AS visits;

-- the whole view is no part of a rep's plan, and a rep's accounts come from an index
RESET ROLE;
CREATE FUNCTION public.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		-- as PostgreSQL 15 writes what an InitPlan returns
		RETURN NEXT replace(replace(line, ' (returns $0)', ''), '(InitPlan 1).col1', '$0');
	END LOOP;
END $$;
SET ROLE regress_anna;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT * FROM public.plan('SELECT name FROM regress_p.account');
RESET enable_seqscan;
RESET enable_bitmapscan;
SET ROLE regress_aud;
SELECT * FROM public.plan('SELECT name FROM regress_p.account');
RESET ROLE;
DROP FUNCTION public.plan(text);

-- lookups find what one may see
SET ROLE regress_anna;
SELECT regress_p.account('npi', '1234567893');
SELECT regress_p.account('npi', '1245319599');
SELECT regress_p.app_user('bob'), regress_p.acting_user();

-- a rep writes for accounts of her territories, in her own name
INSERT INTO regress_p.visit (account_id, territory_id, owner_id, objective) VALUES
	('00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000aa01', regress_p.acting_user(), 'one by anna again');
INSERT INTO regress_p.visit (account_id, territory_id, owner_id, objective) VALUES
	('00000000-0000-0000-0000-00000000ac02', '00000000-0000-0000-0000-00000000aa01', regress_p.acting_user(), 'not her account');
INSERT INTO regress_p.visit (account_id, territory_id, owner_id, objective) VALUES
	('00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000aa02', regress_p.acting_user(), 'not her territory');
INSERT INTO regress_p.visit (account_id, territory_id, owner_id, objective) VALUES
	('00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000aa01', regress_p.app_user('bob'), 'not her name');
INSERT INTO regress_p.visit (account_id, territory_id, owner_id, domain, objective) VALUES
	('00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000aa01', regress_p.acting_user(), 'medical', 'not her domain');
UPDATE regress_p.visit SET objective = 'hers' WHERE objective LIKE '%anna again';
UPDATE regress_p.visit SET objective = 'mine' WHERE objective LIKE '%bob%';
DELETE FROM regress_p.visit;
-- what only the engine writes
INSERT INTO regress_p.decision (kind, account_id, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
	VALUES ('detail', '00000000-0000-0000-0000-00000000ac01', 'permit', 'allow', '{}', '', 1, now(), now());
UPDATE regress_p.inventory_stock SET on_hand = 100;
SELECT * FROM regress_p.limit_counter;
UPDATE regress_p.limit_counter SET used = 0;
INSERT INTO regress_p.account_territory SELECT account_id, '00000000-0000-0000-0000-00000000aa01' FROM regress_p.account;
SELECT * FROM regress_p.account_h;
SELECT regress_p.as_of('account', now());
SELECT * FROM regress_p.outbox_read();
TRUNCATE regress_p.visit;
ALTER TABLE regress_p.visit DISABLE TRIGGER ALL;

-- a definer function of somebody else does not lend its owner's eyes to the acting user
RESET ROLE;
CREATE FUNCTION pg_temp.acting_as_owner() RETURNS text LANGUAGE sql SECURITY DEFINER
AS $$ SELECT login FROM regress_p.app_user WHERE user_id = regress_p.acting_user() $$;
SET ROLE regress_anna;
SELECT pg_temp.acting_as_owner();

-- the day of the user decides, not the client's clock or zone
RESET ROLE;
SET ROLE regress_lsce_owner;
UPDATE regress_p.territory_user SET valid_from = (now() AT TIME ZONE 'UTC')::date + 1 WHERE user_id = regress_p.app_user('bob');
SET ROLE regress_bob;
SELECT count(*) FROM regress_p.account;
SET TimeZone = 'Pacific/Kiritimati';
SELECT count(*) FROM regress_p.account;
SET TimeZone = 'Pacific/Pago_Pago';
SELECT count(*) FROM regress_p.account;
RESET TimeZone;
SET ROLE regress_lsce_owner;
UPDATE regress_p.territory_user SET valid_from = '2020-01-01', valid_to = (now() AT TIME ZONE 'UTC')::date + 1 WHERE user_id = regress_p.app_user('bob');
SET ROLE regress_bob;
SELECT count(*) FROM regress_p.account;
SET ROLE regress_lsce_owner;
UPDATE regress_p.territory_user SET valid_to = (now() AT TIME ZONE 'UTC')::date WHERE user_id = regress_p.app_user('bob');
SET ROLE regress_bob;
SELECT count(*) FROM regress_p.account;

-- nobody sets lsce.login without being given it
SET ROLE regress_anna;
SET lsce.login = 'mia';
SET ROLE regress_mia;
SELECT set_config('lsce.login', 'anna', false);
RESET ROLE;
-- not even before the library is loaded
\c - regress_anna
SET client_min_messages = warning;
SET lsce.login = 'mia';
SELECT login FROM regress_p.app_user WHERE user_id = regress_p.acting_user();
SHOW lsce.login;
ALTER ROLE regress_anna SET lsce.login = 'mia';
CREATE FUNCTION pg_temp.as_mia() RETURNS uuid LANGUAGE sql SET lsce.login = 'mia' AS 'SELECT regress_p.acting_user()';

-- a pool names the user, then takes the role of a persona; both end with the transaction
\c - :superuser
SET client_min_messages = warning;
GRANT SET ON PARAMETER lsce.login TO regress_pool;
CREATE ROLE regress_reps NOLOGIN;
GRANT regress_reps TO regress_pool;
CALL lsce.grant_persona('regress_p', 'field_rep', 'regress_reps');
\c - regress_pool
BEGIN;
SET LOCAL lsce.login = 'web';
SET LOCAL ROLE regress_reps;
SELECT login FROM regress_p.app_user WHERE user_id = regress_p.acting_user();
SELECT name FROM regress_p.account;
COMMIT;
SELECT regress_p.acting_user();
SELECT name FROM regress_p.account;
BEGIN;
SET LOCAL lsce.login = 'nobody';
SET LOCAL ROLE regress_reps;
SELECT name FROM regress_p.account;
ROLLBACK;

-- four eyes: drafts, approvals and law
\c - regress_cora
\set VERBOSITY terse
SET search_path = regress_p;
INSERT INTO limit_template (code, label, authority, company_id, authored_by) SELECT 'CO-2', 'Two a year', 'company', company_id, 'cleo' FROM company WHERE code = 'OWN';
INSERT INTO limit_rule (template_id, quota, period) SELECT template_id, 2, 'calendar_year' FROM limit_template;
INSERT INTO limit_template (code, label, authority, status, approved_by, approved_at) VALUES ('CO-3', 'Approved by myself', 'company', 'approved', 'cleo', now());
SELECT code, status, authored_by, approved_by FROM limit_template;
UPDATE limit_template SET status = 'approved', approved_by = 'cleo', approved_at = now() WHERE code = 'CO-2';
\c - regress_cleo
\set VERBOSITY terse
SET search_path = regress_p;
UPDATE limit_template SET label = 'Two in a year', status = 'approved' WHERE code = 'CO-2';
UPDATE limit_template SET status = 'approved' WHERE code = 'CO-2';
SELECT code, status, authored_by, approved_by, approved_at IS NOT NULL AS stamped FROM limit_template;
UPDATE limit_template SET label = 'Three a year' WHERE code = 'CO-2';
UPDATE limit_rule SET quota = 3;
UPDATE limit_template SET status = 'draft' WHERE code = 'CO-2';
UPDATE limit_template SET authored_by = 'somebody' WHERE code = 'CO-2';
-- ended by two as well: one asks, another one does it
UPDATE limit_template SET valid_to = '2030-01-01' WHERE code = 'CO-2';
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-2';
UPDATE limit_template SET end_on = '2030-01-01', valid_to = '2030-01-01' WHERE code = 'CO-2';
SELECT rule_set() AS digest \gset
UPDATE limit_template SET end_on = '2030-01-01', end_asked_by = 'cora', end_approved_by = 'cora' WHERE code = 'CO-2';
SELECT end_on, end_asked_by, end_approved_by, valid_to, rule_set() = :'digest' AS same_rules FROM limit_template;
UPDATE limit_template SET valid_to = '2030-01-01' WHERE code = 'CO-2';
\c - regress_cora
\set VERBOSITY terse
SET search_path = regress_p;
UPDATE limit_template SET valid_to = '2029-01-01' WHERE code = 'CO-2';
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-2';
UPDATE limit_template SET valid_to = '2030-01-01' WHERE code = 'CO-2';
UPDATE limit_template SET valid_to = '2031-01-01' WHERE code = 'CO-2';
SELECT end_on, end_asked_by, end_approved_by, valid_to, rule_set() <> :'digest' AS other_rules FROM limit_template;
-- by the function: the first call asks, the second one ends
SELECT end_date('limit_template', template_id, '2026-12-31') FROM limit_template;
SELECT end_date('limit_template', template_id, '2026-12-31') FROM limit_template;
\c - regress_cleo
\set VERBOSITY terse
SET search_path = regress_p;
SELECT end_date('limit_template', template_id, '2026-11-30') FROM limit_template;
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_template;
\c - regress_cora
\set VERBOSITY terse
SET search_path = regress_p;
SELECT end_date('limit_template', template_id, '2026-11-30') FROM limit_template;
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_template;
-- retired: at once, for days gone by too
UPDATE limit_template SET end_on = '2020-01-01' WHERE code = 'CO-2';
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-2';
\c - regress_cleo
\set VERBOSITY terse
SET search_path = regress_p;
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-2';
SELECT code, status, authored_by, approved_by, end_asked_by, end_approved_by, valid_to FROM limit_template;
-- a draft is its author's to throw away
INSERT INTO limit_template (code, label, authority, end_on, end_asked_by) VALUES ('CO-4', 'A thought', 'company', '2020-01-01', 'cora');
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-4';
SELECT code, status, end_on FROM limit_template WHERE code = 'CO-4';

-- taking a persona away
\c - :superuser
SET client_min_messages = warning;
\set VERBOSITY terse
REVOKE SELECT ON regress_p.visit FROM regress_aud;
SELECT subject, detail FROM lsce.check_model('regress_p') WHERE NOT ok AND check_code = 'persona grants';
CALL lsce.grant_persona('regress_p', 'auditor', 'regress_aud');
SELECT subject, detail FROM lsce.check_model('regress_p') WHERE NOT ok AND check_code = 'persona grants';
CALL lsce.grant_persona('regress_p', 'safety', 'regress_aud');
CALL lsce.revoke_persona('regress_p', 'auditor', 'regress_aud');
SELECT has_table_privilege('regress_aud', 'regress_p.visit', 'SELECT') AS as_safety, has_table_privilege('regress_aud', 'regress_p.sample_request', 'SELECT') AS as_auditor;
CALL lsce.revoke_persona('regress_p', 'safety', 'regress_aud');
SELECT has_schema_privilege('regress_aud', 'regress_p', 'USAGE');
DROP ROLE regress_aud;
-- a role that is gone is reported, and forgotten on request
DROP OWNED BY regress_new;
DROP ROLE regress_new;
SELECT subject, detail FROM lsce.check_model('regress_p') WHERE NOT ok AND check_code = 'persona grants';
CALL lsce.revoke_persona('regress_p', 'auditor', 'regress_new');
SELECT check_code, subject, detail FROM lsce.check_model('regress_p') WHERE NOT ok;

REVOKE SET ON PARAMETER lsce.login FROM regress_pool;
CALL lsce.drop_model('regress_p', 'regress_p');
DROP OWNED BY regress_lsce_owner;
DROP ROLE regress_lsce_owner, regress_anna, regress_bob, regress_mia, regress_mel, regress_pat, regress_stu, regress_cora, regress_cleo,
	regress_sam, regress_pool, regress_reps;
