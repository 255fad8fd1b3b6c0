-- Every way rows get into disbursement is judged alike, row after row.
\set model sample_copy
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
CREATE FUNCTION public.row(code text, who text, quantity numeric, product text DEFAULT 'p10')
RETURNS TABLE (disbursement_id uuid, account_id uuid, product_id uuid, quantity numeric, visit_id uuid, request_id uuid, batch_id uuid, captured_at timestamptz)
LANGUAGE sql AS $$ SELECT public.id(code), public.id(who), public.id(product), quantity, public.id('visit:' || who || '1'), public.id('request:' || who),
	public.id('lot:' || product), timestamptz '2023-02-01 12:00+00' $$;
CREATE VIEW public.given AS
	SELECT count(*) AS facts, (SELECT count(*) FROM sample_copy.decision WHERE admission = 'permit') AS permits,
		(SELECT coalesce(sum(used), 0) FROM sample_copy.limit_counter) AS used,
		(SELECT sum(quantity) FROM sample_copy.limit_use) AS uses,
		(SELECT sum(fulfilled) FROM sample_copy.sample_request_line) AS fulfilled,
		(SELECT 300 - sum(on_hand) FROM sample_copy.inventory_stock WHERE location_id = public.id('bag')) AS out_of_bag
	FROM sample_copy.disbursement;
\set ECHO all

-- several rows: the second sees what the first took
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT r.* FROM (VALUES ('m1', 1), ('m2', 1), ('m3', 1)) v (code, q), public.row(v.code, 'anna', v.q) r$$);
SELECT * FROM public.given;
INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT r.* FROM (VALUES ('m1', 1), ('m2', 1)) v (code, q), public.row(v.code, 'anna', v.q) r;
SELECT * FROM public.given;
SELECT f.disbursement_id = d.fact_id AS own, d.facts -> 'limits' -> 0 ->> 'used' AS seen
FROM disbursement f JOIN decision d USING (decision_id) ORDER BY d.decided_at;

-- rows that ON CONFLICT throws away are never judged: nothing is left for anna
INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT r.* FROM (VALUES ('m1', 'anna'), ('m4', 'ben')) v (code, who), public.row(v.code, v.who, 1) r
	ON CONFLICT (disbursement_id) DO NOTHING;
SELECT * FROM public.given;

-- a row without a lot gets the reason, not a NOT NULL
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, captured_at)
	SELECT disbursement_id, account_id, product_id, quantity, visit_id, request_id, captured_at FROM public.row('m5', 'ben', 1)$$);
-- nor does a paper that nobody knows, or a user that nobody is
SELECT public.attempt($$SELECT disburse(public.id('nowhere'), NULL, public.id('p10'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);
SELECT public.attempt($$SELECT disburse(NULL, NULL, public.id('p10'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00', account_id => public.id('nobody'))$$)
	= 'LS410: account ' || public.id('nobody') || ' does not exist or is not visible' AS named;
RESET lsce.login;
SELECT public.attempt($$SELECT disburse(public.id('visit:ben1'), public.id('request:ben'), public.id('p10'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);
SET lsce.login = 'rep';
-- what is no number of units
SELECT q, public.attempt(format($$SELECT disburse(public.id('visit:ben1'), public.id('request:ben'), public.id('p10'), public.id('lot:p10'), %L, at => '2023-03-01 12:00+00')$$, q))
FROM unnest('{NaN,Infinity,-1,0,1.5}'::text[]) AS q;

-- COPY: c1 and c2 are one too many for ben together, c1 alone is not; what is
-- refused in COPY refuses the whole
\set VERBOSITY terse
COPY disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at) FROM stdin;
a9f7e979-65d6-cf79-9a52-9102a973b8b9	7fe4771c-008a-22eb-763d-f47d19e2c6aa	ad304601-e663-8bf2-bcdd-5345c013a6c1	1	d746332d-9234-7b95-9fea-d673e03c17a0	7fab0060-b528-c9cf-06b0-bc93edfe64d9	04078021-5839-75d4-8ac0-78f195f30229	2023-02-01 12:00+00
9ab62b5e-f34a-9854-38bf-df7ee0102229	7fe4771c-008a-22eb-763d-f47d19e2c6aa	ad304601-e663-8bf2-bcdd-5345c013a6c1	1	d746332d-9234-7b95-9fea-d673e03c17a0	7fab0060-b528-c9cf-06b0-bc93edfe64d9	04078021-5839-75d4-8ac0-78f195f30229	2023-02-01 12:00+00
\.
SELECT * FROM public.given;
COPY disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at) FROM stdin;
a9f7e979-65d6-cf79-9a52-9102a973b8b9	7fe4771c-008a-22eb-763d-f47d19e2c6aa	ad304601-e663-8bf2-bcdd-5345c013a6c1	1	d746332d-9234-7b95-9fea-d673e03c17a0	7fab0060-b528-c9cf-06b0-bc93edfe64d9	04078021-5839-75d4-8ac0-78f195f30229	2023-02-01 12:00+00
\.
COPY disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at) FROM stdin (FORMAT csv);
0a3d7213-4fb3-d6c0-24db-4c510bc1605b,a70f9e38-ff01-5afa-a9ab-0aacabee2e13,795f3202-b17c-b6bc-3d4b-771d8c6c9eaf,1,21123798-2a85-de24-7dce-c4dcbeba6119,2ea3fcda-a44f-0822-a110-719094d14745,4711a489-5657-a070-f3b6-ab791b49131a,2023-02-01 12:00+00
cb7524d7-9232-7e4c-443d-619de5c71a7a,7fe4771c-008a-22eb-763d-f47d19e2c6aa,f908f971-3014-11a4-259e-e45a8d1bc08d,1,d746332d-9234-7b95-9fea-d673e03c17a0,7fab0060-b528-c9cf-06b0-bc93edfe64d9,b498c8df-afff-02d0-7c9d-707eec80443e,2023-02-01 12:00+00
\.
\set VERBOSITY default
SELECT * FROM public.given;

-- one statement may hold rows of several subjects, products and kinds of failure
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT r.* FROM (VALUES ('s1', 'anna', 'p20'), ('s2', 'ben', 'p20'), ('s3', 'anna', 'p20'), ('s4', 'anna', 'p20')) v (code, who, product), public.row(v.code, v.who, 1, v.product) r$$);
SELECT * FROM public.given;
-- a savepoint takes back what was charged
BEGIN;
SAVEPOINT before_;
INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at) SELECT * FROM public.row('t1', 'ben', 1, 'other');
SELECT used FROM limit_counter WHERE subject_key = public.id('ben')::text AND pool_key = public.id('other')::text;
ROLLBACK TO before_;
SELECT count(*) FROM limit_counter WHERE subject_key = public.id('ben')::text AND pool_key = public.id('other')::text;
COMMIT;
-- a writable CTE and MERGE
WITH given AS (INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT * FROM public.row('w1', 'ben', 1, 'other') RETURNING quantity) SELECT sum(quantity) FROM given;
MERGE INTO disbursement d USING (SELECT * FROM public.row('w2', 'ben', 1, 'other')) r ON d.disbursement_id = r.disbursement_id
	WHEN NOT MATCHED THEN INSERT (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
		VALUES (r.disbursement_id, r.account_id, r.product_id, r.quantity, r.visit_id, r.request_id, r.batch_id, r.captured_at);
SELECT public.attempt($$INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT * FROM public.row('w3', 'ben', 1, 'other')$$);
SELECT * FROM public.given;

-- the permit is a constraint: with the triggers off, a borrowed permit and the
-- permit of another fact, or for less, are refused by keys; the foreign key when the
-- transaction ends
ALTER TABLE disbursement DISABLE TRIGGER USER;
SELECT public.attempt($$INSERT INTO disbursement SELECT (jsonb_populate_record(d, jsonb_build_object('disbursement_id', public.id('forged')))).* FROM disbursement d WHERE disbursement_id = public.id('m1')$$);
BEGIN;
INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
	SELECT public.id('decision'), public.id('another'), kind, account_id, product_id, quantity, 'permit', 'allow', '{}', '', 1, valid_at, known_at FROM decision WHERE fact_id = public.id('m1');
INSERT INTO disbursement SELECT (jsonb_populate_record(d, jsonb_build_object('disbursement_id', public.id('forged'), 'decision_id', public.id('decision')))).* FROM disbursement d WHERE disbursement_id = public.id('m1');
COMMIT;
BEGIN;
INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
	SELECT public.id('decision'), public.id('forged'), kind, account_id, product_id, 1, 'permit', 'allow', '{}', '', 1, valid_at, known_at FROM decision WHERE fact_id = public.id('m1');
INSERT INTO disbursement SELECT (jsonb_populate_record(d, jsonb_build_object('disbursement_id', public.id('forged'), 'decision_id', public.id('decision'), 'quantity', 50))).* FROM disbursement d WHERE disbursement_id = public.id('m1');
COMMIT;
ALTER TABLE disbursement ENABLE TRIGGER USER;
SELECT count(*) FROM disbursement WHERE disbursement_id = public.id('forged');
SELECT check_code, subject, detail FROM lsce.verify('sample_copy') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_copy CASCADE;
DROP VIEW IF EXISTS public.given;
DROP FUNCTION public.id, public.request_of, public.attempt, public.row;
DROP PROCEDURE public.give;
