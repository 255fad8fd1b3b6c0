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
SELECT count(*) FROM sample_headroom(public.id('zoe'), public.id('p10'));
SELECT count(*) FROM lsce.sample_headroom('attack_functions', public.id('zoe'), public.id('p10'), NULL, NULL);
SELECT count(*) FROM sample_headroom(public.id('anna'), public.id('p10'));
-- nor the stock in a colleague's bag, neither when it is enough nor when it is not
SELECT outcome, observed, message FROM explain_eligibility(public.id('zoe'), public.id('p10'), 1, user_id => public.id('rep2'), visit_id => public.id('vn:zoe1'))
WHERE rule_code = 'EL17';
SELECT outcome, observed, message FROM explain_eligibility(public.id('zoe'), public.id('p10'), 1000, user_id => public.id('rep2'), visit_id => public.id('vn:zoe1'))
WHERE rule_code = 'EL17';
SELECT outcome, observed ->> 'on_hand' AS on_hand, message FROM explain_eligibility(public.id('anna'), public.id('p10'), 1000) WHERE rule_code = 'EL17';

RESET SESSION AUTHORIZATION;
SELECT count(*) FROM decision;
\set cleanup :abs_srcdir /data/attack_cleanup.sql
\i :cleanup
