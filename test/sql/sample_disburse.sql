-- Hand-overs: judged, charged and stored in one statement.
\set model sample_disburse
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture

-- one of two: the counter, the request, the bag and the ledger know it
CALL public.give('d1', 'anna', 1, '2023-03-01');
SELECT kind, quantity, admission, account_id = recipient_id AS own, practitioner_id = public.id('anna') AS asked,
	hco_id = public.id('clinic') AS clinic, country_code, region_code, local_day, location_id = public.id('bag') AS bag,
	user_id = public.id('rep') AS rep, territory_id = public.id('north') AS north, company_id = public.id('acme') AS acme
FROM disbursement;
SELECT subject_key = public.id('anna')::text AS anna, pool_key = public.id('p10')::text AS p10, window_from, window_to, quota, used, excess FROM limit_counter;
SELECT local_day, quantity, disbursement_id = public.id('d1') AS d1 FROM limit_use;
SELECT requested, fulfilled, outstanding, status FROM v_request_fulfilment WHERE request_id = public.id('request:anna') AND product_id = public.id('p10');
SELECT on_hand FROM inventory_stock WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p10');
SELECT o.type, o.from_location_id = public.id('bag') AS from_bag, l.kind, e.quantity
FROM inventory_operation o JOIN inventory_entry e USING (operation_id) JOIN inventory_location l USING (location_id)
WHERE o.disbursement_id = public.id('d1') ORDER BY e.quantity;
SELECT d.kind, d.admission, d.outcome, d.reason_codes, d.fact_id = f.disbursement_id AS its_own, d.quantity
FROM disbursement f JOIN decision d USING (decision_id);
SELECT topic, entity_id = public.id('d1') AS d1, payload FROM outbox WHERE topic = 'sample.disbursed';

-- the limit: two of two, then none; the refusal names the numbers and rolls back all
SELECT public.attempt($$CALL public.give('d2', 'anna', 2, '2023-03-01')$$);
CALL public.give('d2', 'anna', 1, '2023-03-01');
SELECT public.attempt($$CALL public.give('d3', 'anna', 1, '2023-12-31')$$);
SELECT count(*) FROM disbursement;
SELECT count(*) FROM decision;
-- the next year is another window, another doctor another subject, another product another pool
CALL public.give('d3', 'anna', 1, '2024-01-01');
CALL public.give('d4', 'ben', 1, '2023-03-01');
CALL public.give('d5', 'anna', 1, '2023-03-01', 'p20');

-- the same id again: the same answer, nothing counted; another payload: refused
SELECT disbursement_id = public.id('d1') AS same, outcome, reason_codes FROM disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, public.id('d1'));
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 2, public.id('d1'))$$)
	= 'LS507: hand-over ' || public.id('d1') || ' already exists with other values: qty' AS differs;
SELECT used FROM limit_counter WHERE subject_key = public.id('anna')::text AND pool_key = public.id('p10')::text ORDER BY window_from;
-- a plain INSERT of an id that exists is a duplicate
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	VALUES (public.id('d1'), public.id('anna'), public.id('p10'), 1, public.id('visit:anna1'), public.id('request:anna'), public.id('lot:p10'), '2023-03-01 12:00+00')$$);

-- a refusal on record: a decision that permits nothing, for that fact
SELECT disbursement_id, decision_id IS NOT NULL AS decided, outcome, reason_codes
FROM disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 3, public.id('d6'), '2023-06-01 12:00+00', on_deny => 'record_refusal');
SELECT admission, outcome, reason_codes, quantity FROM decision WHERE fact_id = public.id('d6');
SELECT count(*) FROM disbursement WHERE disbursement_id = public.id('d6');
-- only refusals are kept: other errors are errors
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 0.5, public.id('d7'), '2023-06-01 12:00+00', on_deny => 'record_refusal')$$);
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, on_deny => 'ignore')$$);
SELECT * FROM lsce.store_refusal('sample_disburse'::regnamespace, public.id('d6'));

-- what a client cannot say: the decision, the admission, the place, the day, the company
INSERT INTO disbursement (disbursement_id, decision_id, admission, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at,
		country_code, hco_id, local_day, company_id, recorded_at)
	VALUES (public.id('d8'), (SELECT decision_id FROM disbursement WHERE disbursement_id = public.id('d1')), 'record',
		public.id('ben'), public.id('p20'), 1, public.id('visit:ben1'), public.id('request:ben'), public.id('lot:p20'), '2023-03-01 12:00+00',
		'US', public.id('ben'), '2020-01-01', public.id('clinic'), '2020-01-01 00:00+00');
SELECT f.admission, d.fact_id = f.disbursement_id AS its_own, f.country_code, f.hco_id = public.id('clinic') AS clinic, f.local_day,
	f.company_id = public.id('acme') AS acme, f.recorded_at > '2024-01-01' AS now
FROM disbursement f JOIN decision d USING (decision_id) WHERE f.disbursement_id = public.id('d8');
-- without a request at hand the question takes the one that was signed by then, not a later one
SELECT check_eligibility(public.id('ben'), public.id('p10'), 1, at => d.day, visit_id => public.id('visit:ben1')),
	(SELECT outcome FROM explain_eligibility(public.id('ben'), public.id('p10'), 1, at => d.day, visit_id => public.id('visit:ben1')) WHERE rule_code = 'EL13')
FROM (VALUES ('2023-05-02 12:00+00'::timestamptz), ('2024-11-02 12:00+00'), ('2022-12-31 12:00+00')) AS d (day);
-- the business day is the day at the place: half past eleven in Tokyo on the last of December, and an hour later
BEGIN;
UPDATE region SET tz = 'Asia/Tokyo' WHERE region_code = 'XA-N';
SELECT outcome FROM disburse(public.id('visit:ben1'), public.request_of('ben', '2023-10-01'), public.id('p10'), public.id('lot:p10'), 1, public.id('t1'), '2023-12-31 14:30+00');
SELECT public.attempt($$SELECT disburse(public.id('visit:ben1'), public.request_of('ben', '2023-10-01'), public.id('p10'), public.id('lot:p10'), 2, public.id('t2'), '2023-12-31 14:59:59+00')$$);
SELECT outcome FROM disburse(public.id('visit:ben1'), public.request_of('ben', '2023-10-01'), public.id('p10'), public.id('lot:p10'), 2, public.id('t2'), '2023-12-31 15:00+00');
SELECT f.local_day, u.window_from, u.quantity FROM disbursement f JOIN limit_use u USING (disbursement_id) WHERE f.disbursement_id IN (public.id('t1'), public.id('t2')) ORDER BY 1;
SELECT end_date('license', (SELECT license_id FROM license WHERE account_id = public.id('ben')), '2024-06-30');
SELECT check_eligibility(public.id('ben'), public.id('p20'), 1, at => '2024-06-30 14:59+00', visit_id => public.id('visit:ben1')) AS today,
	(SELECT reason_code || ' ' || message FROM explain_eligibility(public.id('ben'), public.id('p20'), 1, at => '2024-06-30 15:00+00', visit_id => public.id('visit:ben1')) WHERE outcome = 'fail') AS tomorrow;
ROLLBACK;
-- a capture ahead of the server
SELECT regexp_replace(public.attempt($$CALL public.give('d9', 'anna', 1, '2990-01-01')$$), 'received at .*', 'received at ...');

-- goods: not more than the bag holds, of a lot of the product
SELECT post_operation('loss', jsonb_build_array(jsonb_build_object('batch_id', public.id('lot:other'), 'quantity', 99)), public.id('bag')) IS NOT NULL AS lost;
SELECT public.attempt($$CALL public.give('d9', 'ben', 2, '2023-03-01', 'other')$$);
SELECT public.attempt($$SELECT disburse(public.id('visit:ben1'), public.id('request:ben'), public.id('other'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);
-- paper: not more than was asked for
UPDATE sample_request_line SET requested = 1 WHERE request_id = public.id('request:ben') AND product_id = public.id('other');
SELECT regexp_replace(public.attempt($$CALL public.give('d9', 'ben', 2, '2023-03-01', 'other')$$), public.id('request:ben')::text, '<ben>');

-- facts are not changed
SELECT public.attempt($$UPDATE disbursement SET quantity = 2$$);
SELECT public.attempt($$DELETE FROM disbursement$$);
SELECT public.attempt($$TRUNCATE disbursement CASCADE$$);
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	VALUES (public.id('d1'), public.id('anna'), public.id('p10'), 1, public.id('visit:anna1'), public.id('request:anna'), public.id('lot:p10'), '2023-03-01 12:00+00')
	ON CONFLICT (disbursement_id) DO UPDATE SET quantity = 99$$);

-- a warning needs a reason, and leaves something to look at
UPDATE limit_template SET enforcement = 'warning' WHERE code = 'CO-2Y';
SELECT public.attempt($$CALL public.give('w1', 'anna', 1, '2023-04-01')$$);
SELECT disbursement_id, outcome, reason_codes
FROM disburse(public.id('visit:anna1'), public.request_of('anna', '2023-04-01'), public.id('p10'), public.id('lot:p10'), 1, public.id('w0'), '2023-04-01 12:00+00', on_deny => 'record_refusal');
SELECT outcome, admission, reason_codes FROM decision WHERE fact_id = public.id('w0');
CALL public.give('w1', 'anna', 1, '2023-04-01', why => 'trial of a second patient');
SELECT quota, used, excess FROM limit_counter WHERE subject_key = public.id('anna')::text AND pool_key = public.id('p10')::text AND window_from = '2023-01-01';
SELECT severity, reason_code, over_by, justification, status, rule_id = public.id('rule') AS rule FROM discrepancy;
SELECT outcome, admission, reason_codes FROM decision WHERE fact_id = public.id('w1');
SELECT check_code, subject, detail FROM lsce.verify('sample_disburse') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_disburse CASCADE;
DROP FUNCTION public.id, public.request_of, public.attempt;
DROP PROCEDURE public.give;
