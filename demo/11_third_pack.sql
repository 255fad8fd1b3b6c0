-- title: The third pack
-- A refused hand-over leaves nothing behind; its error says everything: how many
-- of how many are used, by which rule, and when the next becomes free.
-- With on_deny => 'record_refusal' the refusal itself is stored as a decision,
-- which permits nothing and can be explained for ever.
-- expect: LS160
\ir people.psql

SET ROLE demo_mark;
SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, at => :at);

SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, at => :at, on_deny => 'record_refusal') \gset refused_
\echo :refused_outcome :refused_reason_codes, decision :refused_decision_id
SELECT rule_code, observed, legal_ref, message FROM decision_steps(:'refused_decision_id') WHERE outcome = 'fail' \gx
SELECT message FROM decision_steps(:'refused_decision_id', 'de') WHERE outcome = 'fail';
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) = 1 FROM disbursement WHERE product_id = product('CIRRUS-200-PEN'));
	ASSERT (SELECT count(*) = 1 FROM decision WHERE account_id = account('npi', '2000000333') AND outcome = 'deny' AND admission = 'none' AND reason_codes = '{QTY_LIMIT_EXCEEDED}');
	ASSERT (SELECT (observed ->> 'next_free_on')::date = '2027-03-02' FROM decision AS d, decision_steps(d.decision_id) AS s
		WHERE d.account_id = account('npi', '2000000333') AND d.outcome = 'deny' AND s.outcome = 'fail');
END $$;
