-- Attacks by calling the functions of schema lsce directly: anybody may execute
-- them, and they must give no more than the functions of the model do.
\set model attack_functions
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/attack_fixture.sql
\i :fixture

-- a role that may do nothing but enter the schema
SET SESSION AUTHORIZATION regress_att_pool1;
SELECT public.attempt($$SELECT lsce.decide('attack_functions', 'sample_drop', public.id('zoe'), public.id('p10'), 1, '{}')$$);
SELECT public.attempt($$SELECT lsce.sample_headroom('attack_functions', public.id('zoe'), public.id('p10'), NULL, NULL)$$);
SELECT public.attempt($$SELECT lsce.check_eligibility('attack_functions', public.id('zoe'), public.id('p10'), 1, 'sample_drop', NULL, NULL, NULL, NULL, NULL, NULL, NULL)$$);
SELECT public.attempt($$SELECT lsce.explain_eligibility('attack_functions', public.id('zoe'), public.id('p10'), 1, 'sample_drop', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'en')$$);
SELECT public.attempt($$SELECT lsce.why_cant_i('attack_functions', public.id('p10'), public.id('zoe'), 'sample_drop', 'en', NULL)$$);
SELECT public.attempt($$SELECT lsce.decision_steps('attack_functions', public.id('zoe'), 'en')$$);
SELECT public.attempt($$SELECT lsce.can_contact('attack_functions', public.id('zoe'), NULL, 'sample_receipt', NULL, NULL, NULL, public.id('acme'))$$);
SELECT public.attempt($$SELECT lsce.consent_status('attack_functions', public.id('zoe'), NULL, NULL, NULL, NULL, NULL)$$);
SELECT public.attempt($$SELECT lsce.rule_set('attack_functions')$$);
-- one that reads all and writes nothing
SET SESSION AUTHORIZATION regress_att_aud;
SELECT public.attempt($$SELECT lsce.decide('attack_functions', 'sample_drop', public.id('zoe'), public.id('p10'), 1, '{}')$$);

-- an account of another territory: no decision about it, no use of its limits
SET SESSION AUTHORIZATION regress_att_rep;
SELECT public.attempt($$SELECT decide('sample_drop', public.id('zoe'), public.id('p10'), 1)$$);
-- nor one about an own account that would tell of a hidden row in its facts
SELECT a.argument, left(public.attempt(format($$SELECT decide('sample_drop', public.id('anna'), public.id('p10'), 1, jsonb_build_object(%L, public.id(%L)))$$, a.argument, a.hidden)), 5)
FROM (VALUES ('practitioner_id', 'zoe'), ('visit_id', 'vn:zoe1'), ('request_id', 'rn:zoe'), ('delivery_point_id', 'zoe:address'), ('location_id', 'bag2'),
	('visit_id', 'vn:anna1'), ('visit_id', 'no visit')) AS a (argument, hidden);
SELECT left(public.attempt($$SELECT sample_headroom(public.id('zoe'), public.id('p10'))$$), 5);
SELECT left(public.attempt($$SELECT lsce.sample_headroom('attack_functions', public.id('zoe'), public.id('p10'), NULL, NULL)$$), 5);
SELECT count(*) FROM sample_headroom(public.id('anna'), public.id('p10'));
-- the same by a refusal that is kept
SELECT public.attempt($$SELECT disburse(public.id('vn:zoe1'), public.id('rn:anna'), public.id('p10'), public.id('lot:p10'), 1, account_id => public.id('anna'), on_deny => 'record_refusal')$$);
SELECT public.attempt($$SELECT disburse(public.id('vn:anna1'), public.id('rn:anna'), public.id('p10'), public.id('lot:p10'), 100, on_deny => 'record_refusal')$$);
-- nor the stock in a colleague's bag, neither when it is enough nor when it is not
SELECT outcome, observed, message FROM explain_eligibility(public.id('anna'), public.id('p10'), 1, user_id => public.id('rep2'))
WHERE rule_code = 'EL17';
SELECT outcome, observed, message FROM explain_eligibility(public.id('anna'), public.id('p10'), 1000, user_id => public.id('rep2'))
WHERE rule_code = 'EL17';
SELECT outcome, observed ->> 'on_hand' AS on_hand, message FROM explain_eligibility(public.id('anna'), public.id('p10'), 1000) WHERE rule_code = 'EL17';

RESET SESSION AUTHORIZATION;
SELECT count(*) FROM decision;
\set cleanup :abs_srcdir /data/attack_cleanup.sql
\i :cleanup
