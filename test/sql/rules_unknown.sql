-- A row that is named and not there: refused by a rule that says which, not by
-- a foreign key.  Unknown means no.
\set model rules_unknown
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture

-- a hand-over that is right but for one argument: what the error says
CREATE FUNCTION public.without(what text, value uuid DEFAULT public.id('nothing')) RETURNS TABLE (code text, rule text, message text, hint text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, location_id, delivery_point_id, user_id,
			territory_id, practitioner_id, captured_at)
	SELECT CASE what WHEN 'account' THEN value ELSE public.id('anna') END, CASE what WHEN 'product' THEN value ELSE public.id('p10') END, 1,
		CASE what WHEN 'visit' THEN value ELSE public.id('visit:anna1') END,
		CASE what WHEN 'request' THEN value ELSE public.id('request:anna') END,
		CASE what WHEN 'lot' THEN value ELSE public.id('lot:p10') END, CASE what WHEN 'location' THEN value ELSE public.id('bag') END,
		CASE what WHEN 'delivery point' THEN value ELSE public.id('anna:address') END,
		CASE what WHEN 'user' THEN value ELSE public.id('rep') END, CASE what WHEN 'territory' THEN value ELSE public.id('north') END,
		CASE what WHEN 'practitioner' THEN value ELSE public.id('anna') END, '2023-03-01 12:00+00';
	RETURN QUERY SELECT 'done', NULL::text, NULL::text, NULL::text;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END
$$;
SELECT what, w.* FROM unnest('{account,practitioner,product,user,territory,visit,request,lot,location,delivery point}'::text[]) AS what,
	public.without(what) AS w;
-- what is not named at all
SELECT what, w.* FROM unnest('{product,visit,request,lot}'::text[]) AS what, public.without(what, NULL) AS w;
BEGIN; SELECT w.* FROM public.without('nothing at all') AS w; ROLLBACK;

-- the function says the same
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), NULL, public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);
SELECT public.attempt($$SELECT disburse(NULL, NULL, public.id('p10'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), NULL)$$);
-- and keeps the refusal when it is asked to
SELECT outcome, reason_codes FROM disburse(public.id('nothing'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, public.id('d1'),
	'2023-03-01 12:00+00', on_deny => 'record_refusal');
SELECT d.outcome, d.reason_codes, s.rule_code, s.reason_code, s.observed ->> 'record' AS record, s.observed ->> 'value' = public.id('nothing')::text AS named
FROM decision AS d, decision_steps(d.decision_id) AS s WHERE d.fact_id = public.id('d1') AND s.outcome = 'fail';

-- a shipment, too, goes to an address that there is
CREATE TEMP TABLE decided AS SELECT decide('sample_ship', public.id('anna'), public.id('p10'), 1,
	jsonb_build_object('delivery_point_id', public.id('nothing'), 'user_id', public.id('rep'), 'at', '2023-03-01 12:00+00')) AS decision_id;
SELECT s.rule_code, s.reason_code, s.message FROM decided, decision_steps(decision_id) AS s WHERE s.outcome = 'fail' AND s.rule_code = 'EL15';
DROP TABLE decided;

-- advice: denied, with the reason; samples of no product are denied, other work needs none
SELECT what, check_eligibility(CASE what WHEN 'account' THEN public.id('nothing') ELSE public.id('anna') END,
	CASE what WHEN 'product' THEN public.id('nothing') WHEN 'no product' THEN NULL ELSE public.id('p10') END, 1,
	user_id => CASE what WHEN 'user' THEN public.id('nothing') ELSE public.id('rep') END,
	visit_id => CASE what WHEN 'visit' THEN public.id('nothing') ELSE public.id('visit:anna1') END,
	request_id => CASE what WHEN 'request' THEN public.id('nothing') ELSE public.id('request:anna') END, at => '2023-03-01 12:00+00')
FROM unnest('{nothing,account,product,no product,user,visit,request}'::text[]) AS what;
SELECT a AS action, s.outcome, s.reason_code FROM unnest('{sample_drop,detail}'::text[]) AS a,
	explain_eligibility(public.id('anna'), NULL, NULL, action => a, user_id => public.id('rep'), at => '2023-03-01 12:00+00') AS s WHERE s.rule_code = 'EL06';
CREATE TEMP TABLE decided AS SELECT what, decision_id
FROM unnest('{product_id,user_id,territory_id,visit_id,request_id,batch_id,location_id,delivery_point_id,practitioner_id}'::text[]) AS what
JOIN LATERAL decide('sample_drop', public.id('anna'), CASE what WHEN 'product_id' THEN public.id('nothing') ELSE public.id('p10') END, 1,
	jsonb_build_object('at', '2023-03-01 12:00+00', 'user_id', public.id('rep'), 'visit_id', public.id('visit:anna1'), 'request_id', public.id('request:anna'),
		'batch_id', public.id('lot:p10'), 'location_id', public.id('bag'))
	|| CASE what WHEN 'product_id' THEN '{}' ELSE jsonb_build_object(what, public.id('nothing')) END) AS decision_id ON true;
SELECT what, outcome, reason_codes FROM decided JOIN decision USING (decision_id);
DROP TABLE decided;

-- nobody acts
RESET lsce.login;
SELECT public.attempt($$SELECT disburse(public.id('visit:anna1'), public.id('request:anna'), public.id('p10'), public.id('lot:p10'), 1, at => '2023-03-01 12:00+00')$$);

-- an error begins in lower case unless a name or an abbreviation begins it
SELECT code, text_en FROM lsce.reasons() WHERE code IN ('LICENSE_EXPIRED', 'DEA_SCHEDULE');
SET lsce.login = 'rep';
BEGIN; UPDATE license SET valid_to = '2023-03-01'; SELECT public.attempt($$CALL public.give('d2', 'anna', 1, '2023-03-01')$$); ROLLBACK;
BEGIN; UPDATE product_batch SET status = 'recalled'; SELECT public.attempt($$CALL public.give('d2', 'anna', 1, '2023-03-01')$$); ROLLBACK;
BEGIN; UPDATE sample_request SET standing = true; SELECT public.attempt($$CALL public.give('d2', 'anna', 1, '2023-03-01')$$); ROLLBACK;

\set ECHO none
SET client_min_messages = error;
DROP SCHEMA rules_unknown CASCADE;
DROP FUNCTION public.id, public.request_of, public.attempt, public.without;
DROP PROCEDURE public.give;
