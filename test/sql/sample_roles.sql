-- The same as people of the field and of sample operations do it, with the
-- rights of their personas and no others.
\set model sample_roles
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
RESET lsce.login;
SET client_min_messages = error;
DROP ROLE IF EXISTS sample_rep, sample_operator, sample_stranger;
CREATE ROLE sample_rep;
CREATE ROLE sample_operator;
CREATE ROLE sample_stranger;
UPDATE app_user SET db_role = 'sample_rep' WHERE login = 'rep';
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES (public.id('operator'), 'operator', 'sample_operator', 'Operator', public.id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (public.id('operator'), 'sample_ops');
CALL lsce.grant_persona('sample_roles', 'field_rep', 'sample_rep');
CALL lsce.grant_persona('sample_roles', 'sample_ops', 'sample_operator');
INSERT INTO account (account_id, kind, name, country_code, prescriber) VALUES (public.id('unaligned'), 'hcp', 'Somebody else''s', 'XA', true);
INSERT INTO hcp (account_id) VALUES (public.id('unaligned'));
GRANT USAGE ON SCHEMA sample_roles TO sample_stranger;
RESET client_min_messages;
\set ECHO all
SET ROLE sample_rep;
SELECT outcome FROM disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, public.id('d1'), '2023-02-01 12:00+00');
INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	VALUES (public.id('d2'), public.id('anna'), public.id('p10'), 1, public.id('visit:anna1'), public.id('request:anna'), public.id('lot:p10'), '2023-02-01 12:00+00');
SELECT public.attempt($$CALL public.give('d3', 'anna', 1, '2023-02-01')$$);
SELECT outcome, reason_codes FROM disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, public.id('d3'), '2023-02-01 12:00+00', on_deny => 'record_refusal');
SELECT used, remaining FROM sample_headroom(public.id('anna'), public.id('p10'), '2023-02-01');
SELECT count(*) FROM sample_headroom(public.id('unaligned'), public.id('p10'), '2023-02-01');
SELECT reverse_disbursement(public.id('d2'), 'entry_error') IS NOT NULL AS reversed;
SELECT quantity, net_quantity, status FROM v_disbursement ORDER BY disbursement_id = public.id('d2');
SELECT requested, fulfilled, status FROM v_request_fulfilment WHERE request_id = public.id('request:anna') AND product_id = public.id('p10');
SELECT sign_request(public.id('anna'), NULL, 'drop', jsonb_build_array(jsonb_build_object('product_id', public.id('p10'), 'quantity', 2)), '{"printed_name": "Anna"}') IS NOT NULL AS signed;
-- in nobody else's name, and nothing past the rules
SELECT public.attempt($$INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, user_id, captured_at)
	VALUES (public.id('anna'), public.id('p20'), 1, public.id('visit:anna1'), public.id('request:anna'), public.id('lot:p20'), public.id('operator'), '2023-02-01 12:00+00')$$) ~ '^(42501|LS)' AS refused;
SELECT public.attempt($$UPDATE limit_counter SET used = 0$$);
SELECT public.attempt($$INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to) VALUES (public.id('rule'), 'x', 'y', '2023-01-01', '2024-01-01')$$);
SELECT public.attempt($$UPDATE inventory_stock SET on_hand = 1000$$);
SELECT public.attempt($$INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (public.id('receipt'), public.id('bag'), public.id('lot:p10'), 5)$$);
SELECT public.attempt($$INSERT INTO decision (fact_id, kind, account_id, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
	VALUES (public.id('d9'), 'sample_drop', public.id('anna'), 'permit', 'allow', '{}', '', 1, now(), now())$$);
SELECT public.attempt($$UPDATE limit_rule SET quota = 100$$);
SELECT public.attempt($$SELECT post_operation('adjustment', '[{"quantity": 1}]', NULL, public.id('bag'))$$);
RESET ROLE;

SET ROLE sample_operator;
SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', public.id('lot:p10'), 'quantity', 10)), to_location_id => public.id('warehouse')) IS NOT NULL AS posted;
SELECT post_operation('loss', jsonb_build_array(jsonb_build_object('batch_id', public.id('lot:p10'), 'quantity', 1)), public.id('warehouse')) IS NOT NULL AS posted;
SELECT on_hand FROM inventory_stock WHERE location_id = public.id('warehouse');
SELECT used FROM limit_counter;
SELECT public.attempt($$UPDATE inventory_stock SET on_hand = 1000$$);
SELECT public.attempt($$UPDATE limit_counter SET used = 0$$);
RESET ROLE;

-- the functions of schema lsce give nobody more than the model does
SET ROLE sample_stranger;
SELECT public.attempt($$SELECT * FROM disbursement$$);
SELECT public.attempt($$SELECT sample_headroom(public.id('anna'), public.id('p10'))$$);
SELECT public.attempt($$SELECT lsce.sample_headroom('sample_roles'::regnamespace, public.id('anna'), public.id('p10'), NULL, NULL)$$);
SELECT (lsce.store_refusal('sample_roles'::regnamespace, public.id('d3'))).decision_id;
RESET ROLE;
SELECT check_code, subject, detail FROM lsce.verify('sample_roles') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_roles CASCADE;
DROP OWNED BY sample_rep, sample_operator, sample_stranger;
DROP ROLE sample_rep, sample_operator, sample_stranger;
DROP FUNCTION public.id, public.request_of, public.attempt;
DROP PROCEDURE public.give;
