-- Facts are not changed or removed, law stays law
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE regress_lsce_owner NOLOGIN;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_owner', current_database()); END $$;
SET ROLE regress_lsce_owner;
CALL lsce.create_model('regress_i', false);

-- what is append-only, and that no table can be truncated
SELECT t.tgrelid::regclass FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'regress_i'::regnamespace AND t.tgname = 'append_only' AND c.relname !~ '_h$' ORDER BY c.relname;
SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'regress_i'::regnamespace AND c.relkind = 'r'
	AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'no_truncate' AND t.tgenabled = 'O');

SET search_path = regress_i;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York'), ('DE', 'Germany', 'Europe/Berlin');
INSERT INTO company (company_id, code, name, kind, country_code) VALUES ('00000000-0000-0000-0000-0000000000c1', 'OWN', 'Own', 'own', 'US');
INSERT INTO account (account_id, kind, name, country_code) VALUES ('00000000-0000-0000-0000-00000000ac01', 'hcp', 'Dr One', 'US');
INSERT INTO decision (decision_id, fact_id, kind, account_id, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
	VALUES ('00000000-0000-0000-0000-00000000de01', '00000000-0000-0000-0000-00000000fa01', 'detail', '00000000-0000-0000-0000-00000000ac01', 'permit', 'allow', '{}', '', 1, '2026-01-01', '2026-01-01');
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
	VALUES ('00000000-0000-0000-0000-00000000f001', 'consent', '00000000-0000-0000-0000-00000000ac01', 'Dr One', 'agrees', 'pad', sha256('x'), '2026-01-01');

-- for the owner, too; whatever the statement
UPDATE decision SET outcome = 'deny';
UPDATE decision SET decision_id = decision_id;
DELETE FROM decision;
TRUNCATE decision CASCADE;
INSERT INTO decision SELECT * FROM decision ON CONFLICT (decision_id) DO UPDATE SET outcome = 'deny';
MERGE INTO decision AS d USING (VALUES (1)) AS v ON true WHEN MATCHED THEN UPDATE SET outcome = 'deny';
MERGE INTO decision AS d USING (VALUES (1)) AS v ON true WHEN MATCHED THEN DELETE;
WITH gone AS (DELETE FROM decision RETURNING 1) SELECT count(*) FROM gone;
UPDATE signature SET printed_name = 'Dr Two' WHERE signature_id = '00000000-0000-0000-0000-00000000f001';
-- a statement that finds no row changes nothing
UPDATE decision SET outcome = 'deny' WHERE false;
DELETE FROM disbursement;
SELECT outcome FROM decision;
TRUNCATE account_h;
TRUNCATE country, region;

-- the row and the table are named for programs
DO $$
DECLARE
	state text; tab text; sch text;
BEGIN
	DELETE FROM regress_i.decision;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, tab = TABLE_NAME, sch = SCHEMA_NAME;
	RAISE WARNING '% % %', state, sch, tab;
END
$$;

-- law
INSERT INTO limit_template (code, label, country_code, authority, law_based, legal_ref, status, authored_by, approved_by, approved_at)
	VALUES ('DE-2', 'Two a year', 'DE', 'statute', true, 'AMG 47(4)', 'approved', 'legal', 'second', '2026-01-01');
INSERT INTO limit_rule (template_id, name, quota, per_visit, period) SELECT template_id, 'year', 2, 1, 'calendar_year' FROM limit_template;
UPDATE limit_template SET enforcement = 'warning';
UPDATE limit_template SET law_based = false;
UPDATE limit_template SET law_based = false, enforcement = 'warning';
UPDATE limit_template SET approved_by = 'legal';
UPDATE limit_template SET authored_by = 'second';
\set VERBOSITY terse
UPDATE limit_template SET legal_ref = NULL;
\set VERBOSITY default
INSERT INTO limit_template (code, label, country_code, authority, law_based, legal_ref, enforcement) VALUES ('DE-3', 'Weak', 'DE', 'statute', true, 'AMG', 'warning');
INSERT INTO limit_template (code, label, country_code, authority, law_based, legal_ref, status, authored_by, approved_by, approved_at)
	VALUES ('DE-3', 'Alone', 'DE', 'statute', true, 'AMG', 'approved', 'legal', 'legal', '2026-01-01');
-- an override may lower the figure of a law, and give one where the law has none
INSERT INTO product (code, name, type, spec_type) VALUES ('A', 'A', 'product', 'sample'), ('B', 'B', 'product', 'sample');
INSERT INTO limit_assignment (template_id, product_id, quota_override) SELECT template_id, product('A'), 3 FROM limit_template;
INSERT INTO limit_assignment (template_id, product_id, per_visit_override) SELECT template_id, product('A'), 2 FROM limit_template;
INSERT INTO limit_assignment (template_id, product_id, quota_override) SELECT template_id, product('A'), 1 FROM limit_template;
UPDATE limit_assignment SET quota_override = 5;
UPDATE limit_assignment SET quota_override = 0;
INSERT INTO limit_template (code, label, country_code, authority, law_based, legal_ref, status, authored_by, approved_by, approved_at)
	VALUES ('US', 'No figure', 'US', 'statute', true, '21 CFR 203', 'approved', 'legal', 'second', '2026-01-01');
INSERT INTO limit_rule (template_id, name, period) SELECT template_id, 'none', 'calendar_year' FROM limit_template WHERE code = 'US';
INSERT INTO limit_assignment (template_id, product_id, quota_override) SELECT template_id, product('A'), 10 FROM limit_template WHERE code = 'US';
-- a company rule may warn
INSERT INTO limit_template (code, label, authority, enforcement) VALUES ('CO', 'Company', 'company', 'warning');
SELECT code, enforcement, law_based FROM limit_template ORDER BY code;

-- whoever goes past the triggers is found
SELECT check_code, subject, detail FROM lsce.verify('regress_i') WHERE NOT ok;
RESET ROLE;
SET session_replication_role = replica;
INSERT INTO inventory_location (location_id, kind, name) VALUES ('00000000-0000-0000-0000-00000000f101', 'warehouse', 'W');
INSERT INTO product_batch (batch_id, product_id, lot_no, expires_on) SELECT '00000000-0000-0000-0000-00000000ba01', product('A'), 'L', '2030-01-01';
INSERT INTO inventory_stock VALUES ('00000000-0000-0000-0000-00000000f101', '00000000-0000-0000-0000-00000000ba01', 7);
INSERT INTO inventory_operation (operation_id, type) VALUES ('00000000-0000-0000-0000-0000000000a1', 'receipt');
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
	VALUES ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-00000000f101', '00000000-0000-0000-0000-00000000ba01', 5);
INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used, excess)
	SELECT rule_id, 'account:1', 'sku:1', '2026-01-01', '2027-01-01', 2, 3, 1 FROM limit_rule WHERE name = 'year';
INSERT INTO contact_point (contact_point_id, account_id, kind, country_code, value)
	VALUES ('00000000-0000-0000-0000-00000000c001', '00000000-0000-0000-0000-00000000ac01', 'email', NULL, 'one@example.com');
INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, admission, decision_id, recipient_id, practitioner_id, delivery_point_id,
	country_code, local_day, batch_id, location_id, user_id, company_id, captured_at, recorded_at)
	SELECT '00000000-0000-0000-0000-00000000fa02', '00000000-0000-0000-0000-00000000ac01', product('A'), 2, 'record', '00000000-0000-0000-0000-00000000de01',
		'00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000c001', 'US', '2026-03-01',
		'00000000-0000-0000-0000-00000000ba01', '00000000-0000-0000-0000-00000000f101', '00000000-0000-0000-0000-000000000001',
		'00000000-0000-0000-0000-0000000000c1', '2026-03-01', '2026-03-01';
INSERT INTO disbursement_reversal (disbursement_id, kind, quantity, to_location_id)
	VALUES ('00000000-0000-0000-0000-00000000fa02', 'returned', 3, '00000000-0000-0000-0000-00000000f101');
INSERT INTO license (license_id, account_id, number, jurisdiction, valid_from, valid_to)
	VALUES ('00000000-0000-0000-0000-00000000dd01', '00000000-0000-0000-0000-00000000ac01', 'A1', 'US', '2020-01-01', '2026-03-01');
INSERT INTO data_use_purpose VALUES ('outreach', NULL, 'Any outreach', true), ('marketing', 'outreach', 'Marketing', true), ('samples', NULL, 'Receiving samples', false);
INSERT INTO channel_type VALUES ('email', 'email');
INSERT INTO outbound_message (message_id, account_id, decision_id, send_decision_id, controller_id, channel, contact_point_id, state, queued_at, sent_at)
	VALUES ('00000000-0000-0000-0000-00000000fe01', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000de01', NULL,
		'00000000-0000-0000-0000-0000000000c1', 'email', '00000000-0000-0000-0000-00000000c001', 'queued', '2026-03-01', '2026-03-01');
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, action, captured_at, effective_from) VALUES
	('00000000-0000-0000-0000-0000000ce001', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-0000000000c1', 'marketing', 'email', 'opt_in', '2026-01-01 00:00+00', '2026-01-01 00:00+00'),
	('00000000-0000-0000-0000-0000000ce002', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-0000000000c1', 'outreach', NULL, 'object', '2026-02-01 00:00+00', '2026-02-01 00:00+00'),
	('00000000-0000-0000-0000-0000000ce003', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-0000000000c1', 'samples', NULL, 'withdraw', '2026-02-01 00:00+00', '2026-02-01 00:00+00'),
	('00000000-0000-0000-0000-0000000ce004', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-0000000000c1', 'samples', NULL, 'opt_in', '2026-02-02 00:00+00', '2026-02-02 00:00+00');
INSERT INTO sample_request (request_id, account_id, practitioner_id, requested_at)
	VALUES ('00000000-0000-0000-0000-000000000b01', '00000000-0000-0000-0000-00000000ac01', '00000000-0000-0000-0000-00000000ac01', '2026-01-01');
INSERT INTO sample_request_line (request_id, product_id, requested, fulfilled) SELECT '00000000-0000-0000-0000-000000000b01', product('A'), 2, 1;
RESET session_replication_role;
SET ROLE regress_lsce_owner;
SELECT check_code, replace(subject, product('A')::text, 'A') AS subject, regexp_replace(detail, product('A')::text || '|' || (SELECT rule_id FROM limit_rule WHERE name = 'year')::text, '..') AS detail
FROM lsce.verify('regress_i') WHERE NOT ok AND check_code NOT LIKE 'limit%';
SELECT check_code, detail FROM lsce.verify('regress_i') WHERE NOT ok AND check_code LIKE 'limit%';

RESET search_path;
CALL lsce.drop_model('regress_i', 'regress_i');
RESET ROLE;
DROP OWNED BY regress_lsce_owner;
DROP ROLE regress_lsce_owner;
